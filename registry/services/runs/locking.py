"""Find a run that is to be changed, and hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import Conflict
from registry import access
from registry.models import LifecycleStage, Run
from registry.permissions import Permission
from registry.queries.experiments import run_by_uuid
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor


def recordable_run(actor: Actor, uuid: UUID, *, reason: str = "") -> Run:
    """Return the run, if ``actor`` may record in its workspace for that reason.

    Raises NotFound for a missing or foreign run, AccessDenied, or InvalidInput of the reason.
    """
    found = run_by_uuid(actor, uuid)
    place = found.experiment.workspace
    access.require(actor, Permission.RECORD_RUN, place, subject=f"run/{found.uuid}")
    check_reason(place, reason)
    return found


def locked_run(run: Run) -> Run:
    """Return the run as it is now, locked in the current transaction.

    Raises Conflict for one that is deleted, or whose experiment is.
    """
    rows = Run.objects.select_for_update(no_key=True, of=("self",))
    locked = rows.select_related("experiment__workspace").get(pk=run.pk)
    if locked.lifecycle_stage != LifecycleStage.ACTIVE:
        raise Conflict("The run is deleted; restore it first.")
    if locked.experiment.lifecycle_stage != LifecycleStage.ACTIVE:
        raise Conflict("The experiment of the run is deleted; restore it first.")
    return locked
