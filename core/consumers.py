"""Tell the JOURNAL_CONSUMERS what happened, in order, each from its own cursor."""

from __future__ import annotations

import functools
import json
import logging
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from core.journal import SequencedEntry
from core.models import ConsumerCursor, ConsumerFailure, JournalSequence

logger = logging.getLogger(__name__)
BATCH = 50
MAX_ATTEMPTS = 8


class Consumer(Protocol):
    """Told of every sequenced entry at least once, in order of ``seq``.

    ``consume`` runs inside a transaction of its own (a savepoint) and must be idempotent by the
    entry's uuid. It must not call the network: what goes out is left to a queue of its own.
    """

    name: str

    def consume(self, entry: SequencedEntry) -> None: ...


@functools.cache
def installed() -> tuple[Consumer, ...]:
    """Return one instance of each class in settings.JOURNAL_CONSUMERS."""
    return tuple(import_string(path)() for path in settings.JOURNAL_CONSUMERS)


def drain_all() -> int:
    """Move every consumer forward by at most one batch; return how many entries were told."""
    return sum(drain(consumer) + retry_failures(consumer) for consumer in installed())


def drain(consumer: Consumer, *, limit: int = BATCH) -> int:
    """Tell ``consumer`` of up to ``limit`` entries after its cursor; return how many.

    An entry that raises leaves a ConsumerFailure and does not hold up the ones behind it. Two
    workers cannot drain one consumer at once: the cursor row is locked for the batch.
    """
    known, _ = ConsumerCursor.objects.get_or_create(consumer=consumer.name)
    # An idle worker asks several times a second and must not take SQLite's write lock to do so.
    if not JournalSequence.objects.filter(seq__gt=known.seq).exists():
        return 0
    with transaction.atomic():
        cursor = _locked_cursor(consumer.name)
        if cursor is None:
            return 0
        rows = list(
            JournalSequence.objects.filter(seq__gt=cursor.seq)
            .select_related("entry")
            .order_by("seq")[:limit]
        )
        for row in rows:
            _tell(consumer, row)
        if rows:
            cursor.seq = rows[-1].seq
            cursor.save(update_fields=["seq", "moved_at"])
        return len(rows)


def _locked_cursor(name: str) -> ConsumerCursor | None:
    cursors = ConsumerCursor.objects.filter(consumer=name)
    if connection.features.has_select_for_update_skip_locked:
        cursors = cursors.select_for_update(skip_locked=True)
    return cursors.first()


def _tell(consumer: Consumer, row: JournalSequence) -> bool:
    try:
        with transaction.atomic():
            consumer.consume(sequenced(row))
    except Exception as error:  # a poison entry must not stop the rest
        logger.exception("consumer %s failed on journal entry %s", consumer.name, row.entry_id)
        _record_failure(consumer.name, row.entry_id, error)
        return False
    return True


def sequenced(row: JournalSequence) -> SequencedEntry:
    """Return a placed entry as consumers see it; ``row.entry`` should be loaded."""
    entry = row.entry
    return SequencedEntry(
        seq=row.seq,
        id=entry.pk,
        uuid=entry.uuid,
        action=entry.action,
        occurred_at=entry.occurred_at,
        body=json.loads(bytes(entry.body)),
    )


def _record_failure(consumer: str, entry_id: int, error: Exception) -> None:
    now = timezone.now()
    failure, created = ConsumerFailure.objects.get_or_create(
        consumer=consumer,
        entry_id=entry_id,
        defaults={"error": repr(error), "failed_at": now, "retry_at": now + timedelta(seconds=2)},
    )
    if created:
        return
    failure.attempts += 1
    failure.error = repr(error)
    failure.failed_at = now
    backoff = timedelta(seconds=min(2**failure.attempts, 600))
    failure.retry_at = now + backoff if failure.attempts < MAX_ATTEMPTS else None
    failure.save(update_fields=["attempts", "error", "failed_at", "retry_at"])


def retry_failures(consumer: Consumer, *, limit: int = BATCH) -> int:
    """Tell ``consumer`` again of entries whose retry is due; return how many now succeeded."""
    due = ConsumerFailure.objects.filter(
        consumer=consumer.name, resolved_at__isnull=True, retry_at__lte=timezone.now()
    )
    if not due.exists():
        return 0
    succeeded = 0
    with transaction.atomic():
        if _locked_cursor(consumer.name) is None:
            return 0
        for failure in due.select_related("entry__sequence").order_by("entry__sequence__seq")[
            :limit
        ]:
            if _tell(consumer, failure.entry.sequence):
                failure.resolved_at = timezone.now()
                failure.save(update_fields=["resolved_at"])
                succeeded += 1
    return succeeded


def replay(consumer: Consumer) -> int:
    """Make every unresolved failure of ``consumer`` due at once; return how many."""
    return ConsumerFailure.objects.filter(consumer=consumer.name, resolved_at__isnull=True).update(
        retry_at=timezone.now(), attempts=1
    )
