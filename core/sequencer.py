"""Give committed journal entries their place in one gapless total order."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from core import consumers, locks, planning
from core.journal import is_written_here
from core.models import JournalPending, JournalSequence

if TYPE_CHECKING:
    from collections.abc import Sequence

logger = logging.getLogger(__name__)
BATCH = 5_000
# In the order of the key: what lies in the table's first pages has been placed long ago.
IS_WAITING = """
SELECT 1 FROM core_journalpending WHERE refused_at IS NULL ORDER BY entry_id LIMIT 1
"""
# Thousands of entries a second pass here: models would cost several times the work itself.
# PostgreSQL's ids come as texts: building a UUID of each took a tenth of the time. Which entries
# come next is settled before their bodies are read, whatever the planner thinks of the queue.
READ_WAITING = """
SELECT p.entry_id, CAST(e.uuid AS text), e.body, e.mac
  FROM (SELECT entry_id FROM core_journalpending
         WHERE refused_at IS NULL ORDER BY entry_id LIMIT %s) p
  JOIN core_journalentry e ON e.id = p.entry_id
 ORDER BY p.entry_id
"""
PLACE = "INSERT INTO core_journalsequence (seq, entry_id) VALUES (%s, %s)"
FORGET = "DELETE FROM core_journalpending WHERE entry_id = %s"
# Ids of a batch mostly follow one another: a few runs cost less to say, and to find, than each.
PLACE_ALL = """
WITH taken AS (
    DELETE FROM core_journalpending p USING unnest(%s::bigint[], %s::bigint[]) AS run(low, high)
     WHERE p.entry_id BETWEEN run.low AND run.high
 RETURNING p.entry_id
)
INSERT INTO core_journalsequence (seq, entry_id)
SELECT %s + row_number() OVER (ORDER BY entry_id) - 1, entry_id FROM taken
"""


def sequence_pending(*, limit: int = BATCH) -> int:
    """Place up to ``limit`` committed entries and return how many were taken from the queue.

    Numbers are given here only, under one lock, from 0 upwards without gaps: an entry that
    commits late lands in a later batch and no consumer can have passed it. An entry that does not
    verify was not written by this service; it gets no place and is kept as evidence.
    """
    if not _is_waiting():
        return 0
    with transaction.atomic():
        locks.hold("core.sequencer")
        planning.walk_indexes()
        with connection.cursor() as cursor:
            cursor.execute(READ_WAITING, [limit])
            rows = cursor.fetchall()
        authentic = [row for row in rows if is_written_here(row[2], row[3], row[1])]
        if len(authentic) < len(rows):
            known = {pk for pk, *_ in authentic}
            _refuse([pk for pk, *_ in rows if pk not in known])
        if authentic:
            first = _place([pk for pk, *_ in authentic])
    if authentic:
        consumers.show_all(first, [body for _, _, body, _ in authentic])
    return len(rows)


def _place(entries: Sequence[int]) -> int:
    """Give exactly these entries, which come in the order of their ids, the next places: another
    may have become visible meanwhile. Return the first of the places."""
    last = JournalSequence.objects.aggregate(last=Max("seq"))["last"]
    first = 0 if last is None else int(last) + 1
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(PLACE_ALL, [*_runs(entries), first])
        else:
            seqs = range(first, first + len(entries))
            cursor.executemany(PLACE, list(zip(seqs, entries, strict=True)))
            cursor.executemany(FORGET, [(pk,) for pk in entries])
    return first


def _runs(entries: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the first and the last id of each run of ids without one between that is not here."""
    breaks = [at for at in range(1, len(entries)) if entries[at] != entries[at - 1] + 1]
    return [entries[at] for at in [0, *breaks]], [entries[at - 1] for at in [*breaks, len(entries)]]


def _is_waiting() -> bool:
    # An idle worker asks several times a second: it must neither take SQLite's write lock to do
    # so, nor compile the question each time.
    with connection.cursor() as cursor:
        cursor.execute(IS_WAITING)
        return cursor.fetchone() is not None


def _refuse(ids: list[int]) -> None:
    logger.error("journal entries %s do not verify and get no place in the order", ids)
    JournalPending.objects.filter(entry_id__in=ids).update(refused_at=timezone.now())
