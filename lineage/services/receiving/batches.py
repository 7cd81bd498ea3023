"""Receive a batch of events, all in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core import locks
from core.errors import InvalidInput
from core.ids import new_uuid
from core.journal import publish
from lineage.events import LineageEventsReceived
from lineage.models import ReceivedEvent
from lineage.received.parsing import InvalidEvent, parse
from lineage.services.receiving.telling import Told, tell
from lineage.services.receiving.writing import among, copy_rows
from registry import access
from registry.models import Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.actors import Actor
    from lineage.received.event import Event
    from lineage.received.validation import Problem

MAX_EVENTS = 1_000
HEADER = "Muniment-Workspace"
LOCK = "lineage.receiving"
COLUMNS = (
    "uuid",
    "workspace_id",
    "digest",
    "kind",
    "event_type",
    "event_time",
    "run_id",
    "job_id",
    "dataset_id",
    "body",
    "warnings",
    "received_at",
    "received_by_id",
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event of a batch that can never be received, by its place in the batch."""

    index: int
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch: ``stored`` were new, ``repeated`` had come before; ``warnings`` are
    those of each event that has any, by its place in the batch."""

    received: int
    stored: int
    repeated: int
    refusals: Sequence[Refusal]
    warnings: Mapping[int, Sequence[Problem]]


def workspace_for(actor: Actor, slug: str) -> Workspace:
    """Return the workspace that ``actor`` sends events into: the one called ``slug``, else the
    only one that the token is narrowed to.

    Raises InvalidInput where neither says which, NotFound and AccessDenied as any verb.
    """
    if slug:
        return access.workspace_by_slug(actor, slug, permission=Permission.EMIT_LINEAGE)
    if actor.workspaces is not None and len(actor.workspaces) == 1:
        workspace = Workspace.objects.get(pk=next(iter(actor.workspaces)))
        access.require(actor, Permission.EMIT_LINEAGE, workspace)
        return workspace
    raise InvalidInput.of(
        "workspace",
        "say which workspace the events belong to: ?workspace= in the address, the header "
        f"{HEADER}, or a token that is narrowed to one workspace",
    )


def receive(actor: Actor, slug: str, raws: Sequence[Any]) -> Receipt:
    """Store events and what follows from them; return what became of each.

    All that is valid is stored in one transaction, or nothing is. An event that was received
    before changes nothing. Raises InvalidInput for a batch that is too long or says not into
    which workspace, NotFound and AccessDenied as any verb.
    """
    workspace = workspace_for(actor, slug)
    if len(raws) > MAX_EVENTS:
        raise InvalidInput(f"A batch holds {MAX_EVENTS} events at most, not {len(raws)}.")
    events, refusals, warnings = _parsed(raws)
    stored = _store(actor, workspace, events, refused=len(refusals)) if events else 0
    return Receipt(
        received=len(raws),
        stored=stored,
        repeated=len(events) - stored,
        refusals=refusals,
        warnings=warnings,
    )


def _parsed(
    raws: Sequence[Any],
) -> tuple[list[Event], list[Refusal], dict[int, Sequence[Problem]]]:
    events: list[Event] = []
    refusals: list[Refusal] = []
    warnings: dict[int, Sequence[Problem]] = {}
    for index, raw in enumerate(raws):
        try:
            event = parse(raw, is_lenient=settings.OPENLINEAGE_COMPATIBLE)
        except InvalidEvent as error:
            refusals.append(Refusal(index, error.problems))
            continue
        events.append(event)
        if event.warnings:
            warnings[index] = event.warnings
    return events, refusals, warnings


@transaction.atomic
def _store(actor: Actor, workspace: Workspace, events: Sequence[Event], *, refused: int) -> int:
    """Store what is new among valid events; return how many that are.

    One receiver at a time writes into a workspace: none overwrites what another merges, and, as
    nothing else is waited for but names in their order, no two wait for each other.
    """
    locks.hold(f"{LOCK}.{workspace.pk}")
    fresh = _fresh(workspace, events)
    if not fresh:
        return 0
    told = tell(actor, workspace, fresh)
    rows = [_row(actor, workspace, event, told) for event in fresh]
    copy_rows(ReceivedEvent, COLUMNS, rows)
    digests = "".join(sorted(event.digest for event in fresh))
    publish(
        LineageEventsReceived(
            subject=workspace.slug,
            workspace=workspace.uuid,
            digest="sha256:" + hashlib.sha256(digests.encode()).hexdigest(),
            count=len(fresh),
            repeated=len(events) - len(fresh),
            refused=refused,
        ),
        actor=actor,
        roles=access.roles(actor, workspace.pk),
    )
    return len(fresh)


def _fresh(workspace: Workspace, events: Sequence[Event]) -> list[Event]:
    by_digest = {event.digest: event for event in events}
    rows = ReceivedEvent.objects.filter(workspace=workspace)
    known = set(among(rows.values_list("digest", flat=True), "digest", by_digest))
    return [event for digest, event in by_digest.items() if digest not in known]


def _row(actor: Actor, workspace: Workspace, event: Event, told: Told) -> tuple[Any, ...]:
    """Return the values of ``COLUMNS``."""
    return (
        new_uuid(),
        workspace.pk,
        event.digest,
        event.kind,
        event.type,
        event.time,
        UUID(event.run_id) if event.run_id else None,
        told.jobs[event.job.key].pk if event.job else None,
        told.datasets[event.outputs[0].key].pk if event.kind == "DATASET" else None,
        event.body,
        [{"pointer": item.pointer, "reason": item.reason} for item in event.warnings],
        told.at,
        actor.user.pk if actor.user else None,
    )
