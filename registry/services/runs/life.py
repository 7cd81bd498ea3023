"""Start and finish runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.texts import check_text
from registry import access
from registry.events import RunStarted
from registry.models import LifecycleStage, Run, RunParam, RunTag
from registry.permissions import Permission
from registry.queries.experiments import experiment_by_uuid
from registry.services.experiments import MAX_LOCATION, check_label, check_tags, recording_user
from registry.services.runs import changes
from registry.services.runs.batches import check_params
from registry.services.runs.changes import ENDS, MAX_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor


class RunOptions(TypedDict, total=False):
    """What a run may be started with; ``started_at`` is now unless given."""

    name: str
    started_at: datetime | None
    params: Mapping[str, str]
    tags: Mapping[str, str]
    artifact_location: str


def start(*, actor: Actor, experiment: UUID, **options: Unpack[RunOptions]) -> Run:
    """Start a run. Needs record_run; raises Conflict for a deleted experiment."""
    found = experiment_by_uuid(actor, experiment)
    workspace = found.workspace
    access.require(actor, Permission.RECORD_RUN, workspace, subject=f"experiment/{found.uuid}")
    user = recording_user(actor)
    if found.lifecycle_stage != LifecycleStage.ACTIVE:
        raise Conflict("The experiment is deleted; restore it first.")
    name, params, tags = options.get("name", ""), options.get("params", {}), options.get("tags", {})
    if name:
        check_label(name, field="name", longest=MAX_NAME)
    location = check_text(
        options.get("artifact_location", ""), field="artifact_location", limit=MAX_LOCATION
    )
    check_params(params)
    check_tags(tags)
    with transaction.atomic():
        run = Run.objects.create(
            experiment=found,
            name=name,
            started_at=options.get("started_at") or timezone.now(),
            artifact_location=location,
            created_by=user,
        )
        RunParam.objects.bulk_create(
            RunParam(run=run, key=key, value=value) for key, value in params.items()
        )
        RunTag.objects.bulk_create(
            RunTag(run=run, key=key, value=value) for key, value in tags.items()
        )
        publish(
            RunStarted(
                subject=f"run/{run.uuid}",
                workspace=workspace.uuid,
                experiment=str(found.uuid),
                run=str(run.uuid),
                experiment_name=found.name,
                name=run.name,
                started_at=run.started_at.isoformat(),
            ),
            actor=actor,
            roles=access.roles(actor, workspace.pk),
        )
    return run


def finish(
    *, actor: Actor, run: UUID, status: str = Run.Status.FINISHED, ended_at: datetime | None = None
) -> Run:
    """End a run as finished, failed or killed; again with the same status changes nothing.

    Needs record_run. Raises Conflict for a deleted run.
    """
    if status not in ENDS:
        raise InvalidInput.of("status", f"must be one of {', '.join(sorted(ENDS))}")
    return changes.change(actor=actor, run=run, status=status, ended_at=ended_at)
