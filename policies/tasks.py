"""Background work of the policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.actors import system
from core.tasks import task
from policies.services import expiry, reevaluation, what_if_work, what_ifs

if TYPE_CHECKING:
    from core.tasks import TaskRun


@task(what_ifs.WHAT_IF_TASK)
def what_if(run: TaskRun) -> dict[str, Any] | None:
    """Answer a what-if that somebody asked."""
    what_if_work.work(run.payload["what_if"], run=run)
    return None


@task("policies.warn_of_expiry")
def warn_of_expiry(run: TaskRun) -> dict[str, Any]:
    """Warn of exemptions and attestations that are about to expire."""
    return {"warned": expiry.warn(actor=system(), progress=lambda told: run.progress(told, 0))}


@task("policies.forget_what_ifs")
def forget_what_ifs(run: TaskRun) -> dict[str, Any]:
    """Delete what-ifs whose time is over."""
    return {"forgotten": what_ifs.forget()}


@task(reevaluation.TASK)
def reevaluate(run: TaskRun) -> dict[str, Any] | None:
    """Ask policies again after a change."""
    return reevaluation.work(run)
