"""Rename, describe and tag runs, and say how they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import InvalidInput, NotFound
from core.journal import publish_many
from core.preconditions import ANY_STATE, require_state
from core.texts import check_text, journal_text
from registry import access
from registry.events import RunFinished, RunRenamed, RunTagRemoved, RunTagSet
from registry.models import Run, RunTag
from registry.models.run import RUN_ENDS
from registry.queries.experiments import NOTE, run_tag
from registry.services.experiments import MAX_KEY, MAX_TAG, check_label
from registry.services.runs.locking import locked_run, recordable_run
from registry.services.runs.summary import summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from core.events import Event
    from core.preconditions import Expected

MAX_NAME = 250
ENDS = frozenset(end for end, _ in RUN_ENDS)


def change(
    *,
    actor: Actor,
    run: UUID,
    name: str | None = None,
    description: str | None = None,
    status: str | None = None,
    ended_at: datetime | None = None,
    expected: Expected = ANY_STATE,
    reason: str = "",
) -> Run:
    """Give a run another name, description or status; what is None stays. Needs record_run.

    A run goes from any status to any other, as clients take up what they once ended: who says so
    is in the journal. One that goes on has no end. Raises InvalidInput, Conflict for a deleted
    run, PreconditionFailed when it is not as ``expected``.
    """
    found = recordable_run(actor, run, reason=reason)
    if name:
        check_label(name, field="name", longest=MAX_NAME)
    if description is not None:
        check_text(description, field="description", limit=MAX_TAG)
    _check_status(found, status, ended_at)
    with transaction.atomic():
        found = locked_run(found)
        require_state(expected, actual=run_tag(found))
        events: list[Event] = []
        if name is not None and name != found.name:
            events.append(
                RunRenamed(
                    **_about(found, reason), before={"name": found.name}, after={"name": name}
                )
            )
            found.name = name
        if status is not None and status != found.status:
            events.append(stand(found, status, ended_at=ended_at, reason=reason))
        if events:
            found.save(update_fields=["name", "status", "ended_at"])
        if description is not None:
            events += _write_tag(found, NOTE, description, reason=reason)
        _publish(found, events, actor=actor)
    return found


def _check_status(run: Run, status: str | None, ended_at: datetime | None) -> None:
    if status is not None and status not in Run.Status.values:
        raise InvalidInput.of("status", f"must be one of {', '.join(Run.Status.values)}")
    if ended_at is None:
        return
    if status not in ENDS:
        raise InvalidInput.of("ended_at", f"needs a status of {', '.join(sorted(ENDS))}")
    if ended_at < run.started_at:
        raise InvalidInput.of("ended_at", "is before the run started")


def stand(run: Run, status: str, *, ended_at: datetime | None, reason: str = "") -> Event:
    """Set the status of a locked run, and its end; return the event. The caller saves."""
    before, run.status = run.status, status
    run.ended_at = (ended_at or timezone.now()) if status in ENDS else None
    return RunFinished(
        **_about(run, reason),
        before={"status": before},
        after={"status": status},
        experiment=str(run.experiment.uuid),
        experiment_name=run.experiment.name,
        name=run.name,
        ended_at=run.ended_at.isoformat() if run.ended_at else "",
        **(summary(run) if status in ENDS else {}),
    )


def set_tag(*, actor: Actor, run: UUID, key: str, value: str, reason: str = "") -> Run:
    """Give a tag of a run a value; an equal one changes nothing. Needs record_run."""
    found = recordable_run(actor, run, reason=reason)
    check_label(key, field="key", longest=MAX_KEY)
    check_text(value, field="value", limit=MAX_TAG)
    with transaction.atomic():
        found = locked_run(found)
        _publish(found, _write_tag(found, key, value, reason=reason), actor=actor)
    return found


def remove_tag(*, actor: Actor, run: UUID, key: str, reason: str = "") -> None:
    """Remove a tag of a run; raises NotFound where it has none of that key. Needs record_run."""
    found = recordable_run(actor, run, reason=reason)
    with transaction.atomic():
        found = locked_run(found)
        tag = found.tags.filter(key=key).first()
        if tag is None:
            raise NotFound
        tag.delete()
        event = RunTagRemoved(**_about(found, reason), before=journal_text(tag.value), key=key)
        _publish(found, [event], actor=actor)


def _write_tag(run: Run, key: str, value: str, *, reason: str) -> Sequence[Event]:
    tag = run.tags.filter(key=key).first()
    before = tag.value if tag else None
    if before == value or (before is None and key == NOTE and not value):
        return []
    tag = tag or RunTag(run=run, key=key)
    tag.value = value
    tag.save()
    return [
        RunTagSet(
            **_about(run, reason), before=journal_text(before), after=journal_text(value), key=key
        )
    ]


def _about(run: Run, reason: str) -> dict[str, Any]:
    return {
        "subject": f"run/{run.uuid}",
        "workspace": run.experiment.workspace.uuid,
        "reason": reason,
        "run": str(run.uuid),
    }


def _publish(run: Run, events: Sequence[Event], *, actor: Actor) -> None:
    if events:
        publish_many(events, actor=actor, roles=access.roles(actor, run.experiment.workspace_id))
