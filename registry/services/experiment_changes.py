"""Rename, describe and tag experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, NotFound
from core.journal import publish_many
from core.preconditions import ANY_STATE, require_state
from core.texts import check_text, journal_text
from registry import access
from registry.events import ExperimentRenamed, ExperimentTagRemoved, ExperimentTagSet
from registry.models import Experiment, ExperimentFormerName, ExperimentTag, LifecycleStage
from registry.permissions import Permission
from registry.queries.experiments import NOTE, experiment_by_uuid, experiment_tag
from registry.services.experiments import (
    MAX_KEY,
    MAX_NAME,
    MAX_TAG,
    check_label,
    require_free_name,
    taken_name,
)
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from core.actors import Actor
    from core.events import Event
    from core.preconditions import Expected


def change(
    *,
    actor: Actor,
    experiment: UUID,
    name: str | None = None,
    description: str | None = None,
    expected: Expected = ANY_STATE,
    reason: str = "",
) -> Experiment:
    """Give an experiment another name or description; what is None stays. Needs record_run.

    The former name stays reserved for this experiment, and still finds it; going back to it is
    allowed. Raises Conflict for a name that another bears or bore and for a deleted experiment,
    PreconditionFailed when it is not as ``expected``.
    """
    found = _changeable(actor, experiment, reason=reason)
    if name is not None:
        check_label(name, field="name", longest=MAX_NAME)
    if description is not None:
        check_text(description, field="description", limit=MAX_TAG)
    with transaction.atomic():
        found = _locked(found)
        require_state(expected, actual=experiment_tag(found))
        events: list[Event] = []
        if name is not None and name != found.name:
            events.append(_rename(found, name, reason=reason))
        if description is not None:
            events += _write_tag(found, NOTE, description, reason=reason)
        _finish(found, events, actor=actor)
    return found


def set_tag(
    *, actor: Actor, experiment: UUID, key: str, value: str, reason: str = ""
) -> Experiment:
    """Give a tag of an experiment a value; an equal one changes nothing. Needs record_run."""
    found = _changeable(actor, experiment, reason=reason)
    check_label(key, field="key", longest=MAX_KEY)
    check_text(value, field="value", limit=MAX_TAG)
    with transaction.atomic():
        found = _locked(found)
        _finish(found, _write_tag(found, key, value, reason=reason), actor=actor)
    return found


def remove_tag(*, actor: Actor, experiment: UUID, key: str, reason: str = "") -> None:
    """Remove a tag of an experiment; raises NotFound where it has none of that key."""
    found = _changeable(actor, experiment, reason=reason)
    with transaction.atomic():
        found = _locked(found)
        tag = found.tags.filter(key=key).first()
        if tag is None:
            raise NotFound
        tag.delete()
        event = ExperimentTagRemoved(
            **_about(found, reason), before=journal_text(tag.value), key=key
        )
        _finish(found, [event], actor=actor)


def _changeable(actor: Actor, uuid: UUID, *, reason: str) -> Experiment:
    found = experiment_by_uuid(actor, uuid)
    place = found.workspace
    access.require(actor, Permission.RECORD_RUN, place, subject=f"experiment/{found.uuid}")
    check_reason(place, reason)
    return found


def _locked(found: Experiment) -> Experiment:
    rows = Experiment.objects.select_for_update(no_key=True)
    locked = rows.get(pk=found.pk)
    locked.workspace = found.workspace
    if locked.lifecycle_stage != LifecycleStage.ACTIVE:
        raise Conflict("The experiment is deleted; restore it first.")
    return locked


def _rename(experiment: Experiment, name: str, *, reason: str) -> Event:
    """Write the new name, then look whether it was another's: so that a renaming that commits at
    the same moment cannot be missed."""
    former, experiment.name = experiment.name, name
    try:
        with transaction.atomic():
            experiment.save(update_fields=["name"])
            ExperimentFormerName.objects.get_or_create(
                workspace_id=experiment.workspace_id,
                name=former,
                defaults={"experiment": experiment},
            )
    except IntegrityError:
        raise taken_name(experiment) from None
    require_free_name(experiment)
    return ExperimentRenamed(
        **_about(experiment, reason), before={"name": former}, after={"name": name}
    )


def _write_tag(experiment: Experiment, key: str, value: str, *, reason: str) -> Sequence[Event]:
    tag = experiment.tags.filter(key=key).first()
    before = tag.value if tag else None
    if before == value or (before is None and key == NOTE and not value):
        return []
    tag = tag or ExperimentTag(experiment=experiment, key=key)
    tag.value = value
    tag.save()
    return [
        ExperimentTagSet(
            **_about(experiment, reason),
            before=journal_text(before),
            after=journal_text(value),
            key=key,
        )
    ]


def _about(experiment: Experiment, reason: str) -> dict[str, Any]:
    return {
        "subject": f"experiment/{experiment.uuid}",
        "workspace": experiment.workspace.uuid,
        "reason": reason,
        "experiment": str(experiment.uuid),
    }


def _finish(experiment: Experiment, events: Sequence[Event], *, actor: Actor) -> None:
    if not events:
        return
    experiment.updated_at = timezone.now()
    experiment.save(update_fields=["updated_at"])
    publish_many(events, actor=actor, roles=access.roles(actor, experiment.workspace_id))
