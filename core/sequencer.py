"""Give committed journal entries their place in one gapless total order."""

from __future__ import annotations

import logging

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from core import locks
from core.journal import is_authentic
from core.models import JournalPending, JournalSequence

logger = logging.getLogger(__name__)
BATCH = 1_000
IS_WAITING = "SELECT 1 FROM core_journalpending WHERE refused_at IS NULL LIMIT 1"


def sequence_pending(*, limit: int = BATCH) -> int:
    """Place up to ``limit`` committed entries and return how many were taken from the queue.

    Numbers are given here only, under one lock, from 0 upwards without gaps: an entry that
    commits late lands in a later batch and no consumer can have passed it. An entry that does not
    verify was not written by this service; it gets no place and is kept as evidence.
    """
    waiting = JournalPending.objects.filter(refused_at__isnull=True)
    if not _is_waiting():
        return 0
    with transaction.atomic():
        locks.hold("core.sequencer")
        pending = list(waiting.select_related("entry").order_by("entry_id")[:limit])
        authentic = [row for row in pending if is_authentic(row.entry)]
        if len(authentic) < len(pending):
            known = {row.entry_id for row in authentic}
            _refuse([row.entry_id for row in pending if row.entry_id not in known])
        last = JournalSequence.objects.aggregate(last=Max("seq"))["last"]
        first = 0 if last is None else last + 1
        JournalSequence.objects.bulk_create(
            JournalSequence(seq=first + offset, entry_id=row.entry_id)
            for offset, row in enumerate(authentic)
        )
        JournalPending.objects.filter(entry_id__in=[row.entry_id for row in authentic]).delete()
        return len(pending)


def _is_waiting() -> bool:
    # An idle worker asks several times a second: it must neither take SQLite's write lock to do
    # so, nor compile the question each time.
    with connection.cursor() as cursor:
        cursor.execute(IS_WAITING)
        return cursor.fetchone() is not None


def _refuse(ids: list[int]) -> None:
    logger.error("journal entries %s do not verify and get no place in the order", ids)
    JournalPending.objects.filter(entry_id__in=ids).update(refused_at=timezone.now())
