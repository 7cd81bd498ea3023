"""Background work of the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.actors import system
from core.tasks import task
from registry.services.promotions.closing import expire_overdue

if TYPE_CHECKING:
    from core.tasks import TaskRun


@task("registry.expire_promotions")
def expire_promotions(run: TaskRun) -> dict[str, Any]:
    """Close promotions that nobody decided on in time."""
    return {"expired": expire_overdue(actor=system())}
