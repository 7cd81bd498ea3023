"""Delete experiments and runs, which hides them, and restore them.

Everything that was recorded stays, since versions and verdicts rest on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict
from core.facts import end
from core.journal import publish
from registry import access
from registry.events import ExperimentDeleted, ExperimentRestored, RunDeleted, RunRestored
from registry.models import Experiment, LifecycleStage, Run, TrackingDeletion
from registry.permissions import Permission
from registry.queries.experiments import experiment_by_uuid
from registry.services.experiments import recording_user
from registry.services.reasons import check_reason
from registry.services.runs.locking import recordable_run

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from core.events import Event
    from registry.models import Workspace


def delete_experiment(*, actor: Actor, experiment: UUID, reason: str = "") -> Experiment:
    """Hide an experiment and its runs. Needs record_run.

    Its name stays taken; nothing more is recorded in it until it is restored. Raises Conflict
    for a deleted one.
    """
    found = _experiment(actor, experiment, reason=reason)
    with transaction.atomic():
        _to(found, LifecycleStage.DELETED, actor=actor, reason=reason)
        _publish(ExperimentDeleted(**_of_experiment(found, reason)), actor, found.workspace)
    return found


def restore_experiment(*, actor: Actor, experiment: UUID, reason: str = "") -> Experiment:
    """Show a deleted experiment again, with the runs that were not deleted themselves.

    Needs record_run; raises Conflict for one that is not deleted.
    """
    found = _experiment(actor, experiment, reason=reason)
    with transaction.atomic():
        _to(found, LifecycleStage.ACTIVE, actor=actor, reason=reason)
        _publish(ExperimentRestored(**_of_experiment(found, reason)), actor, found.workspace)
    return found


def delete_run(*, actor: Actor, run: UUID, reason: str = "") -> Run:
    """Hide a run; nothing more is logged to it. As ``delete_experiment``."""
    found = recordable_run(actor, run, reason=reason)
    with transaction.atomic():
        _to(found, LifecycleStage.DELETED, actor=actor, reason=reason)
        _publish(RunDeleted(**_of_run(found, reason)), actor, found.experiment.workspace)
    return found


def restore_run(*, actor: Actor, run: UUID, reason: str = "") -> Run:
    """Show a deleted run again, once its experiment is shown. As ``restore_experiment``."""
    found = recordable_run(actor, run, reason=reason)
    with transaction.atomic():
        _to(found, LifecycleStage.ACTIVE, actor=actor, reason=reason)
        _publish(RunRestored(**_of_run(found, reason)), actor, found.experiment.workspace)
    return found


def _experiment(actor: Actor, uuid: UUID, *, reason: str) -> Experiment:
    found = experiment_by_uuid(actor, uuid)
    place = found.workspace
    access.require(actor, Permission.RECORD_RUN, place, subject=f"experiment/{found.uuid}")
    check_reason(place, reason)
    return found


def _to(row: Experiment | Run, stage: LifecycleStage, *, actor: Actor, reason: str) -> None:
    """Bring the row into a stage, under its lock, and keep the fact; raises Conflict if it is in
    that stage already."""
    kind = "experiment" if isinstance(row, Experiment) else "run"
    model: Any = type(row)
    held = model.objects.select_for_update(no_key=True).get(pk=row.pk)
    if held.lifecycle_stage == stage:
        known = "deleted already" if stage == LifecycleStage.DELETED else "not deleted"
        raise Conflict(f"The {kind} is {known}.")
    now = timezone.now()
    if stage == LifecycleStage.DELETED:
        TrackingDeletion.objects.create(
            **{kind: row}, reason=reason, deleted_by=recording_user(actor), valid_from=now
        )
    else:
        end(TrackingDeletion.objects.filter(**{kind: row}), at=now)
    row.lifecycle_stage = stage
    row.save(update_fields=["lifecycle_stage", *_dated(row, stage, now)])


def _dated(row: Experiment | Run, stage: LifecycleStage, now: datetime) -> tuple[str]:
    if isinstance(row, Run):
        row.deleted_at = now if stage == LifecycleStage.DELETED else None
        return ("deleted_at",)
    row.updated_at = now
    return ("updated_at",)


def _of_experiment(experiment: Experiment, reason: str) -> dict[str, Any]:
    return {
        "subject": f"experiment/{experiment.uuid}",
        "workspace": experiment.workspace.uuid,
        "reason": reason,
        "experiment": str(experiment.uuid),
    }


def _of_run(run: Run, reason: str) -> dict[str, Any]:
    return {
        "subject": f"run/{run.uuid}",
        "workspace": run.experiment.workspace.uuid,
        "reason": reason,
        "run": str(run.uuid),
    }


def _publish(event: Event, actor: Actor, place: Workspace) -> None:
    publish(event, actor=actor, roles=access.roles(actor, place.pk))
