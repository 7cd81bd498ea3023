"""Honour django-celery-beat's schedule rows in the embedded profile.

With a broker, ``celery beat`` reads the same rows; here the worker does, without one.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from core import consumers, sequencer, tasks
from core.canonical import canonical_digest

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)


def sequence_journal() -> None:
    """Place all pending journal entries."""
    while sequencer.sequence_pending() == sequencer.BATCH:
        pass


def consume_journal() -> None:
    """Tell every consumer of what it has not been told yet."""
    while consumers.drain_all():
        pass


def enqueue_task(name: str, payload: dict[str, Any] | None = None) -> None:
    """Put the task ``name`` in the table, unless one of that schedule is still open."""
    tasks.enqueue(name, payload, dedupe_key=f"schedule:{canonical_digest(payload)}")


# What a schedule row may name. Celery tasks of the same names call the same functions.
SCHEDULABLE: dict[str, Callable[..., None]] = {
    "core.sequence_journal": sequence_journal,
    "core.consume_journal": consume_journal,
    "core.enqueue_task": enqueue_task,
}
# The embedded worker does these all the time, more often than any row says.
CONTINUOUS = frozenset({"core.sequence_journal", "core.consume_journal", "core.sweep_tasks"})


def run_due() -> int:
    """Run each enabled schedule row that is due; return how many ran.

    The row's ``last_run_at`` moves by compare-and-set before the function runs, so that two
    workers do not both run it.
    """
    ran = 0
    rows = PeriodicTask.objects.filter(enabled=True).exclude(task__in=CONTINUOUS)
    for row in rows.select_related("interval", "crontab", "solar", "clocked"):
        if _take(row):
            _run(row)
            ran += 1
    return ran


def _take(row: PeriodicTask) -> bool:
    now = timezone.now()
    if (row.expires and row.expires <= now) or (row.start_time and row.start_time > now):
        return False
    if not row.schedule.is_due(row.last_run_at or row.date_changed).is_due:
        return False
    unchanged = PeriodicTask.objects.filter(pk=row.pk, enabled=True, last_run_at=row.last_run_at)
    return bool(
        unchanged.update(
            last_run_at=now,
            total_run_count=F("total_run_count") + 1,
            enabled=not row.one_off,
        )
    )


def _run(row: PeriodicTask) -> None:
    function = SCHEDULABLE.get(row.task)
    if function is None:
        logger.error("schedule %r names %r, which nothing here does", row.name, row.task)
        return
    try:
        function(*json.loads(row.args or "[]"), **json.loads(row.kwargs or "{}"))
    except Exception:  # one broken row must not stop the others
        logger.exception("schedule %r failed", row.name)
