"""Background work of lineage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.tasks import task
from lineage.services import delivery

if TYPE_CHECKING:
    from core.tasks import TaskRun


@task("lineage.deliver")
def deliver(run: TaskRun) -> dict[str, Any]:
    """Send pending events to one sink."""
    return delivery.deliver(run)


@task("lineage.sweep")
def sweep(run: TaskRun) -> dict[str, Any]:
    """Start delivery anew where it came to a halt."""
    return {"woken": delivery.sweep()}
