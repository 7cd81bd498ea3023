"""Hold what stands beside the journal's bytes against them.

The log proves the bytes. Columns by which entries are found, the names that commitments stand for,
and the queue in which entries wait for their place are in no hash: whoever can write the database
could use them to hide an entry, or to have it read as somebody else's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.canonical import sha256
from core.journal import Columns, is_written_here, strays
from core.models import JournalEntry, PersonalDatum

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

CHUNK = 2_000
# Of each kind of problem so many are told one by one.
MOST_TOLD = 20
READ = (
    *Columns.__dataclass_fields__,
    "id",
    "body",
    "mac",
    "sequence__seq",
    "journalpending",
    "journalpending__refused_at",
)


@dataclass
class Agreement:
    """What was looked at, and what does not agree: entries and names that were ``changed``, and
    entries that are ``missing`` from the order though nothing waits to place them. ``refused``
    counts what the sequencer refused for being no entry of this service, and rightly so."""

    entries: int = 0
    refused: int = 0
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def look() -> Agreement:
    """Compare every entry and every kept name with the bytes of the journal, in pieces."""
    found = Agreement()
    people = dict(_people(found))
    for row in _entries():
        found.entries += 1
        if row["journalpending__refused_at"]:
            if is_written_here(row["body"], bytes(row["mac"]), str(row["uuid"])):
                found.missing.append(f"{_called(row)} is refused, though this service wrote it")
            found.refused += 1
            continue
        try:
            body = json.loads(bytes(row["body"]))
            wrong = strays(row, body)
            who = body["actor"]
        except (ValueError, KeyError, TypeError):
            found.changed.append(f"{_called(row)} has bytes that are no entry")
            continue
        if wrong:
            found.changed.append(f"{_called(row)}: other bytes than its {', '.join(wrong)} say")
        if people.get(who["name"] or "", who["id"]) != who["id"]:
            found.changed.append(f"{_called(row)}: who acted is named by another account")
        if row["sequence__seq"] is None and row["journalpending"] is None:
            found.missing.append(f"{_called(row)} has no place, and does not wait for one")
    return found


def _people(found: Agreement) -> Iterator[tuple[str, str]]:
    """Yield whose name each commitment stands for; one of another value is told."""
    rows = PersonalDatum.objects.values_list("commitment", "salt", "value", "user__uuid")
    for commitment, salt, value, user in rows.iterator(CHUNK):
        if sha256(bytes(salt) + value.encode()) != commitment:
            found.changed.append(f"the name that {commitment} stands for")
        yield commitment, str(user)


def _entries() -> Iterator[Mapping[str, Any]]:
    rows, last = JournalEntry.objects.order_by("id"), 0
    while chunk := list(rows.filter(id__gt=last).values(*READ)[:CHUNK]):
        yield from chunk
        last = chunk[-1]["id"]


def _called(row: Mapping[str, Any]) -> str:
    place: int | None = row["sequence__seq"]
    uuid: UUID = row["uuid"]
    return f"entry {place} ({uuid})" if place is not None else f"the entry {uuid}"
