"""Take journal entries out, as CSV or NDJSON; that this was done is itself an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.db import transaction
from django.db.models import Count, Max

from audits import trail
from audits.events import TrailExported
from core.csv_text import lines
from core.errors import InvalidInput
from core.journal import publish
from core.models import JournalEntry
from registry import access
from registry.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from audits.trail import TrailEntry, TrailQuery
    from core.actors import Actor

COLUMNS = (
    "seq",
    "uuid",
    "occurred_at",
    "action",
    "outcome",
    "actor",
    "actor_kind",
    "username",
    "roles",
    "via",
    "credential",
    "on_behalf_of",
    "workspace",
    "subject",
    "digest",
    "reason",
    "before",
    "after",
    "data",
    "request_id",
)


def export_trail(*, actor: Actor, file_format: str, query: TrailQuery) -> Iterator[bytes]:
    """Return the entries that ``query`` asks for, oldest first, as chunks of csv or ndjson.

    Fixed at this moment: what is written later is not in it. Raises InvalidInput for an unknown
    format or workspace. The export is journalled before its first byte leaves.
    """
    if file_format not in WRITERS:
        raise InvalidInput.of("format", f"must be one of {', '.join(WRITERS)}")
    name = file_format
    found = trail.entries(actor, query)
    with transaction.atomic():
        bounds = found.aggregate(last=Max("pk"), entries=Count("pk"))
        last = bounds["last"] or 0
        last_entry = JournalEntry.objects.filter(pk=last).values_list("uuid", flat=True).first()
        place = Workspace.objects.filter(slug=query.workspace).first() if query.workspace else None
        publish(
            TrailExported(
                subject=query.workspace or "trail",
                workspace=place.uuid if place else None,
                format=name,
                filters=query.given(),
                entries=bounds["entries"],
                last_entry=str(last_entry) if last_entry else None,
            ),
            actor=actor,
            roles=access.roles(actor, place.pk) if place else (),
        )
    return WRITERS[name](trail.walk(found, last=last))


def _as_ndjson(entries: Iterable[TrailEntry]) -> Iterator[bytes]:
    for entry in entries:
        yield msgspec.json.encode(entry) + b"\n"


def _as_csv(entries: Iterable[TrailEntry]) -> Iterator[bytes]:
    yield from (line.encode() for line in lines([COLUMNS]))
    yield from (line.encode() for line in lines(_row(entry) for entry in entries))


def _row(entry: TrailEntry) -> tuple[object, ...]:
    return (
        entry.seq,
        entry.uuid,
        entry.occurred_at.isoformat(),
        entry.action,
        entry.outcome,
        entry.actor.uuid,
        entry.actor.kind,
        entry.actor.username,
        " ".join(entry.actor.roles),
        entry.actor.via,
        entry.actor.credential,
        entry.actor.on_behalf_of and entry.actor.on_behalf_of.uuid,
        entry.workspace,
        entry.subject,
        entry.digest,
        entry.reason,
        *(msgspec.json.encode(part).decode() for part in (entry.before, entry.after, entry.data)),
        entry.request_id,
    )


WRITERS: dict[str, Callable[[Iterable[TrailEntry]], Iterator[bytes]]] = {
    "csv": _as_csv,
    "ndjson": _as_ndjson,
}
