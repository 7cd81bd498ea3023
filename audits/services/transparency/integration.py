"""Add to the log what the sequencer has placed, and sign how far it goes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from audits.models import LogCheckpoint, LogTile
from audits.queries.log import LogDamaged, edge_of, newest_checkpoint
from audits.services.transparency import anchoring, anchors
from audits.services.transparency.keys import current_origin, ensure_keys, log_signer
from audits.transparency.merkle import EMPTY_ROOT, leaf_hash
from audits.transparency.notes import Checkpoint, signed_note
from audits.transparency.recent import RecentLeaves
from core import locks, planning
from core.journal import is_written_here
from core.models import ConsumerCursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.transparency.notes import Signer
    from audits.transparency.tiles import Tile

logger = logging.getLogger(__name__)
CONSUMER = "log"
LIMIT = 10_000
PAUSE = timedelta(seconds=1)
IS_BEHIND = """
SELECT coalesce((SELECT max(seq) FROM core_journalsequence), -1) + 1
     - coalesce((SELECT max(size) FROM audits_logcheckpoint), 0)
"""
READ_BODIES = """
SELECT s.seq, e.body, e.mac, CAST(e.uuid AS text)
  FROM core_journalsequence s JOIN core_journalentry e ON e.id = s.entry_id
 WHERE s.seq >= %s AND s.seq < %s ORDER BY s.seq
"""
READ_SOME = """
SELECT s.seq, e.body
  FROM core_journalsequence s JOIN core_journalentry e ON e.id = s.entry_id
 WHERE s.seq IN ({places})
"""
# Twice what waits at most, where one process both places entries and adds them.
RECENT = RecentLeaves(2 * LIMIT)


@dataclass(frozen=True)
class _Growth:
    """What one step added."""

    checkpoint: LogCheckpoint
    entries: int


def integrate(*, limit: int = LIMIT, at_once: bool = False) -> int:
    """Add up to ``limit`` placed entries to the log, sign a checkpoint and anchor it.

    Returns how many entries were added: none within a second of the last checkpoint, unless
    ``limit`` entries wait or it shall be ``at_once``. One process does this at a time, whatever
    starts it. Raises LogDamaged, and signs nothing, where the stored tree is not the one that was
    signed, or where an anchor knows more than the database: then somebody has to look.
    """
    behind = entries_behind()
    if behind <= 0:
        return 0
    signer = log_signer()
    ensure_keys(signer)
    with transaction.atomic():
        locks.hold("audits.log")
        growth = _grow(signer, limit=limit, at_once=at_once)
    if growth is None:
        return 0
    anchors.anchor(growth.checkpoint)
    anchoring.wake()
    return growth.entries


def entries_behind() -> int:
    """Return how many placed entries no checkpoint has yet."""
    # An idle worker asks several times a second: it must not take SQLite's write lock to do so.
    with connection.cursor() as cursor:
        cursor.execute(IS_BEHIND)
        return int(cursor.fetchone()[0])


def _grow(signer: Signer, *, limit: int, at_once: bool) -> _Growth | None:
    latest = newest_checkpoint()
    size = latest.size if latest else 0
    now = timezone.now()
    is_recent = latest is not None and latest.created_at > now - PAUSE
    if is_recent and not at_once and entries_behind() < limit:
        return None
    name = current_origin()
    anchors.require_known(latest, origin=name)
    leaves = _leaves(size, limit=limit)
    if not leaves:
        return None
    edge = edge_of(size)
    if edge.root() != (bytes(latest.root) if latest else EMPTY_ROOT):
        raise LogDamaged(f"the tree of {size} entries does not have the root that was signed")
    _store(edge.append(leaves))
    checkpoint = Checkpoint(name, edge.size, edge.root())
    stored = LogCheckpoint.objects.create(
        size=checkpoint.size,
        origin=checkpoint.origin,
        root=checkpoint.root,
        note=signed_note(checkpoint.text(), signer),
        created_at=now,
    )
    ConsumerCursor.objects.update_or_create(consumer=CONSUMER, defaults={"seq": edge.size - 1})
    return _Growth(stored, len(leaves))


def watch(first: int, bodies: Sequence[bytes]) -> None:
    """Keep the leaves of entries that this process has verified and placed, from ``first`` on."""
    RECENT.add(first, [leaf_hash(body) for body in bodies])


def _leaves(size: int, *, limit: int) -> list[bytes]:
    """Return the leaves of up to ``limit`` entries from the place ``size`` on: those that were kept
    when they were placed, and for the rest what is stored."""
    planning.walk_indexes()
    leaves = _kept(size)[:limit]
    return leaves + _stored(size + len(leaves), limit=limit - len(leaves))


def _kept(size: int) -> list[bytes]:
    """Return the leaves that were kept from the place ``size`` on.

    A run was placed in one transaction, so that its ends tell whether it stayed. What was verified
    then is signed, whatever has been done to the rows between since.
    """
    runs = RECENT.runs_from(size)
    if not runs:
        return []
    ends = {
        seq: leaves[seq - first]
        for first, leaves in runs
        for seq in (first, first + len(leaves) - 1)
    }
    with connection.cursor() as cursor:
        cursor.execute(READ_SOME.format(places=", ".join(["%s"] * len(ends))), list(ends))
        stored = {seq: leaf_hash(bytes(body)) for seq, body in cursor.fetchall()}
    if stored != ends:
        RECENT.forget()
        return []
    first = runs[0][0]
    return list(chain.from_iterable(leaves for _, leaves in runs))[size - first :]


def _stored(first: int, *, limit: int) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(READ_BODIES, [first, first + limit])
        rows = cursor.fetchall()
    for expected, (seq, body, mac, uuid) in enumerate(rows, start=first):
        if seq != expected:
            raise LogDamaged(f"the journal has no entry at {expected}; the next one is at {seq}")
        # The sequencer has looked already; who can write the database can go around it.
        if not is_written_here(body, mac, uuid):
            raise LogDamaged(f"the entry at {seq} was not written by this service")
    return [leaf_hash(bytes(body)) for _, body, _, _ in rows]


def _store(tiles: list[Tile]) -> None:
    LogTile.objects.bulk_create(
        [LogTile(level=each.level, index=each.index, hashes=each.hashes) for each in tiles],
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )
