"""Tell the JOURNAL_CONSUMERS what happened, in order, each from its own cursor."""

from __future__ import annotations

import functools
import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string

from core.consumer_kinds import Batching, Consumer, Following, Selective, Watching
from core.journal import SequencedEntry
from core.models import ConsumerCursor, ConsumerFailure, JournalPending, JournalSequence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)
# Entries that are told in one transaction, and that are looked at for those that concern one.
BATCH = 50
WINDOW = 500
MAX_ATTEMPTS = 8
# An idle worker asks these several times a second: compiling them would cost more than running.
READ_STANDING = """
SELECT last.seq, c.consumer, c.seq
  FROM (SELECT coalesce(max(seq), -1) AS seq FROM core_journalsequence) last
  LEFT JOIN core_consumercursor c ON 1 = 1
"""
READ_FAILING = """
SELECT DISTINCT consumer FROM core_consumerfailure
 WHERE resolved_at IS NULL AND retry_at IS NOT NULL
"""


@functools.cache
def installed() -> tuple[Consumer, ...]:
    """Return one instance of each class in settings.JOURNAL_CONSUMERS."""
    return tuple(import_string(path)() for path in settings.JOURNAL_CONSUMERS)


def drain_all() -> int:
    """Move every consumer forward by at most one batch; return how many entries that passed.

    Consumers that stand at one place read the journal once, and those whom nothing concerns move
    on in one transaction.
    """
    consumers = installed()
    last, cursors = _standing()
    read = functools.cache(_after)
    passed, unconcerned = 0, dict[int, list[str]]()
    for consumer in consumers:
        if isinstance(consumer, Following):
            passed += _followed(consumer)
            continue
        at = cursors.get(consumer.name)
        if at is None:
            passed += drain(consumer)
        elif at < last:
            if wanted := _selected(consumer, read(at)):
                passed += _pass(consumer, read(at), wanted, limit=BATCH)
            else:
                unconcerned.setdefault(at, []).append(consumer.name)
    for at, names in unconcerned.items():
        passed += _skip(names, at=at, to=read(at)[-1].seq)
    failing = _failing()
    return passed + sum(retry_failures(one) for one in consumers if one.name in failing)


def show_all(first: int, bodies: Sequence[bytes]) -> None:
    """Show what was just placed, from ``first`` on, to the consumers that watch."""
    for consumer in installed():
        if not isinstance(consumer, Watching):
            continue
        try:
            consumer.watch(first, bodies)
        except Exception:  # what is placed is placed; whoever did not see it reads it later
            logger.exception("the consumer %s cannot watch the journal", type(consumer).__name__)


def _followed(consumer: Following) -> int:
    try:
        return consumer.follow()
    except Exception:  # one that cannot go on must not stop the others
        logger.exception("the consumer %s cannot follow the journal", type(consumer).__name__)
        return 0


def drain(consumer: Consumer, *, limit: int = BATCH) -> int:
    """Tell ``consumer`` of up to ``limit`` entries after its cursor; return how many it passed.

    An entry that raises leaves a ConsumerFailure and does not hold up the ones behind it. Two
    workers cannot drain one consumer at once: the cursor row is locked for the batch.
    """
    known, _ = ConsumerCursor.objects.get_or_create(consumer=consumer.name)
    # An idle worker must not take SQLite's write lock to find out that there is nothing to do.
    entries = _after(known.seq)
    return _pass(consumer, entries, _selected(consumer, entries), limit=limit) if entries else 0


def _standing() -> tuple[int, dict[str, int]]:
    """Return the last place in the order, and where each consumer stands."""
    with connection.cursor() as cursor:
        cursor.execute(READ_STANDING)
        rows = cursor.fetchall()
    return rows[0][0], {name: seq for _, name, seq in rows if name is not None}


def _failing() -> set[str]:
    """Return the consumers that have a failure to retry, now or later."""
    with connection.cursor() as cursor:
        cursor.execute(READ_FAILING)
        return {name for (name,) in cursor.fetchall()}


def _after(seq: int) -> list[SequencedEntry]:
    """Return the next entries after a place; no lock is needed, for what is placed stays."""
    rows = JournalSequence.objects.filter(seq__gt=seq).select_related("entry").order_by("seq")
    return [sequenced(row) for row in rows[:WINDOW]]


def _selected(consumer: Consumer, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
    if not isinstance(consumer, Selective):
        return entries
    try:
        return consumer.select(entries)
    except Exception:  # told of each, the consumer shows which one it cannot take
        logger.exception("consumer %s cannot select journal entries", consumer.name)
        return entries


def _pass(
    consumer: Consumer,
    entries: Sequence[SequencedEntry],
    wanted: Sequence[SequencedEntry],
    *,
    limit: int,
) -> int:
    """Tell of the first ``limit`` wanted entries, and move over those that are not wanted."""
    end = wanted[limit - 1].seq if len(wanted) >= limit else entries[-1].seq
    with transaction.atomic():
        cursor = _locked_cursor(consumer.name)
        # Another worker may have come first, and told of some of these.
        if cursor is None or cursor.seq >= end:
            return 0
        _tell_all(consumer, [entry for entry in wanted if cursor.seq < entry.seq <= end])
        passed = end - max(cursor.seq, entries[0].seq - 1)
        cursor.seq = end
        cursor.save(update_fields=["seq", "moved_at"])
        return passed


def _skip(names: Collection[str], *, at: int, to: int) -> int:
    """Move consumers that stand ``at`` a place past entries that concern none of them."""
    with transaction.atomic():
        standing = ConsumerCursor.objects.filter(consumer__in=names, seq=at)
        # Locked in one order and without waiting: no deadlock with another worker.
        found = [cursor.pk for cursor in _unlocked(standing.order_by("consumer"))]
        moved = ConsumerCursor.objects.filter(pk__in=found)
        return moved.update(seq=to, moved_at=timezone.now()) * (to - at)


def _locked_cursor(name: str) -> ConsumerCursor | None:
    return _unlocked(ConsumerCursor.objects.filter(consumer=name)).first()


def _unlocked(cursors: QuerySet[ConsumerCursor]) -> QuerySet[ConsumerCursor]:
    """Return, and lock, those that no other worker holds."""
    if connection.features.has_select_for_update_skip_locked:
        return cursors.select_for_update(skip_locked=True)
    return cursors


def _tell_all(consumer: Consumer, entries: Sequence[SequencedEntry]) -> None:
    if isinstance(consumer, Batching) and len(entries) > 1:
        try:
            with transaction.atomic():
                consumer.consume_all(entries)
        except Exception:  # told of each, the consumer shows which one it cannot take
            logger.exception("consumer %s cannot take journal entries at once", consumer.name)
        else:
            return
    for entry in entries:
        _tell(consumer, entry)


def _tell(consumer: Consumer, entry: SequencedEntry) -> bool:
    try:
        with transaction.atomic():
            consumer.consume(entry)
    except Exception as error:  # a poison entry must not stop the rest
        logger.exception("consumer %s failed on journal entry %s", consumer.name, entry.id)
        _record_failure(consumer.name, entry.id, error)
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
            if _tell(consumer, sequenced(failure.entry.sequence)):
                failure.resolved_at = timezone.now()
                failure.save(update_fields=["resolved_at"])
                succeeded += 1
    return succeeded


def replay(consumer: Consumer) -> int:
    """Make every unresolved failure of ``consumer`` due at once; return how many."""
    return ConsumerFailure.objects.filter(consumer=consumer.name, resolved_at__isnull=True).update(
        retry_at=timezone.now(), attempts=1
    )


def has_heard(consumer: str, moment: datetime, *, actions: Collection[str]) -> bool:
    """Tell whether a consumer was told of every entry of ``actions`` until ``moment``: whether what
    it knows of that time is final. It is not for a moment to come."""
    if moment > timezone.now():
        return False
    by_then = {"entry__occurred_at__lte": moment, "entry__action__in": actions}
    if JournalPending.objects.filter(refused_at__isnull=True, **by_then).exists():
        return False
    cursor = ConsumerCursor.objects.filter(consumer=consumer).values("seq")
    behind = JournalSequence.objects.filter(seq__gt=Coalesce(Subquery(cursor), -1))
    return not behind.filter(**by_then).exists()
