"""Which entries a stream is told of, and how they look when they leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.db.models import Max, Q

from audits import trail
from audits.transparency.merkle import leaf_hash
from core.models import JournalEntry, JournalSequence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.models import Stream

# How far a sparse filter looks ahead at once: a query must not read the whole journal.
WINDOW = 5_000


@dataclass(frozen=True)
class Page:
    """Entries in order, and the place up to which there are no others."""

    entries: list[JournalEntry]
    end: int


def head() -> int:
    """Return the place of the last entry, -1 where there is none."""
    last = JournalSequence.objects.aggregate(last=Max("seq"))["last"]
    return -1 if last is None else int(last)


def page_after(stream: Stream, cursor: int, *, size: int) -> Page:
    """Return up to ``size`` entries behind ``cursor`` that the stream asks for."""
    end = min(head(), cursor + WINDOW)
    rows = list(
        asked_for(stream)
        .filter(sequence__seq__gt=cursor, sequence__seq__lte=end)
        .order_by("sequence__seq")[:size]
    )
    return Page(rows, rows[-1].sequence.seq if len(rows) == size else max(end, cursor))


def asked_for(stream: Stream) -> Any:
    """Return the entries that have a place and that the stream's filter lets through."""
    found = JournalEntry.objects.filter(sequence__isnull=False).select_related("sequence")
    if stream.workspaces:
        found = found.filter(workspace__in=stream.workspaces)
    if stream.outcomes:
        found = found.filter(outcome__in=stream.outcomes)
    if stream.actions:
        asked = Q()
        for pattern in stream.actions:
            begins = pattern.removesuffix("*") if pattern.endswith(".*") else f"{pattern}."
            asked |= Q(action=pattern) | Q(action__startswith=begins)
        found = found.filter(asked)
    return found


def described(stream: Stream, rows: Sequence[JournalEntry]) -> list[dict[str, Any]]:
    """Return entries as the trail answers them, with where they are from and their leaves.

    Names of people are those that the trail knows now: of who was erased, and where the stream
    shall have none, there is none.
    """
    found = []
    for row, entry in zip(rows, trail.describe(rows), strict=True):
        told: dict[str, Any] = msgspec.to_builtins(entry)
        told["occurred_at"] = entry.occurred_at.isoformat(timespec="microseconds")
        if not stream.with_names:
            told["actor"]["username"] = None
        leaf = leaf_hash(bytes(row.body)).hex()
        found.append({"instance": settings.INSTANCE, "leaf": leaf, **told})
    return found
