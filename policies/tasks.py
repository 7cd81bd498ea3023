"""Background work of policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.tasks import task
from policies.services import reevaluation

if TYPE_CHECKING:
    from core.tasks import TaskRun


@task(reevaluation.TASK)
def reevaluate(run: TaskRun) -> dict[str, Any] | None:
    """Ask policies again after a change."""
    return reevaluation.work(run)
