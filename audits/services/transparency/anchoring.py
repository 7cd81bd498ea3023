"""Tell each sink of the newest checkpoint: a task per sink, as long as it lags behind."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from audits.events import LogDisputed
from audits.models import LogAnchor, LogCosignature, LogSink
from audits.queries.log import newest_checkpoint
from audits.services.transparency import sinks
from audits.services.transparency.outcomes import Anchored, Cosigned, Disputed, Failed
from core.actors import system
from core.chains import Chain, Next
from core.errors import InvalidInput
from core.journal import publish
from core.texts import storable

if TYPE_CHECKING:
    from audits.models import LogCheckpoint
    from audits.services.transparency.outcomes import Outcome
    from audits.services.transparency.sinks import Sink
    from core.tasks import TaskRun

logger = logging.getLogger(__name__)
ANCHORING = Chain("audits.anchor_log", "sink")
LONGEST_PAUSE = timedelta(minutes=10)
# Who remembers is asked so often though nothing is new: a restored backup is behind it.
ASKED_AGAIN = timedelta(hours=1)
MOST_TEXT = 400


def wake() -> None:
    """See to it that each configured sink has a task, in a transaction of its own.

    Settings without sense are logged; checkpoints are signed all the same, and go out later.
    """
    try:
        names = [each.name for each in sinks.configured()]
    except InvalidInput as error:
        logger.error("checkpoints wait: %s", error.detail)  # noqa: TRY400 - no trace needed
        return
    if names:
        with transaction.atomic():
            ANCHORING.wake(names)


def sweep() -> int:
    """Wake the sinks that lag behind, or were not asked for an hour; return how many.

    Tasks follow one another by themselves; this starts the chain again should one end for good,
    tells a new sink of what was signed before it was configured, and finds that the database was
    restored from an older backup also where nothing new is signed.
    """
    newest = newest_checkpoint()
    rows = {row.name: row for row in LogSink.objects.all()}
    late = [
        each.name
        for each in sinks.configured()
        if _shall_hear(each, rows.get(each.name, LogSink()), newest)
    ]
    if late:
        with transaction.atomic():
            ANCHORING.wake(late)
    return len(late)


def work(run: TaskRun) -> dict[str, Any]:
    """Tell the sink that the task names of the newest checkpoint; return what came of it.

    It then queues the next task where the sink lags behind again, or has to be tried again.
    """
    name = str(run.payload["sink"])
    sink = sinks.sink(name)
    if sink is None:
        return {"sink": name, "skipped": "no longer configured"}
    row, _ = LogSink.objects.get_or_create(name=name)
    checkpoint = newest_checkpoint()
    is_due = row.next_try_at is None or row.next_try_at <= timezone.now()
    if checkpoint is not None and is_due and _shall_hear(sink, row, checkpoint):
        _record(run, row, checkpoint, _told(sink, checkpoint, row), pause=sink.pause)
    result = {"sink": name, "size": row.size, "error": row.error, "dispute": row.dispute}

    def more() -> Next | None:
        return Next(row.next_try_at) if _shall_hear(sink, row, newest_checkpoint()) else None

    ANCHORING.end(run, result, more)
    return result


def _told(sink: Sink, checkpoint: LogCheckpoint, row: LogSink) -> Outcome:
    try:
        return sink.take(checkpoint, row)
    except Exception as error:  # whatever it was must show on the sink, and be tried again
        logger.exception("the log's sink %s cannot be told", row.name)
        return Failed(f"{type(error).__name__}: {error}")


def _shall_hear(sink: Sink, row: LogSink, newest: LogCheckpoint | None) -> bool:
    """A sink that disputes the log is asked again, for it may have been mistaken."""
    if newest is None:
        return False
    if row.origin != newest.origin or row.size < newest.size or row.dispute:
        return True
    is_silent = row.moved_at is None or row.moved_at < timezone.now() - ASKED_AGAIN
    return sink.remembers and is_silent


def _record(
    run: TaskRun, row: LogSink, checkpoint: LogCheckpoint, outcome: Outcome, *, pause: timedelta
) -> None:
    """Write down what came of a try; a run that lost its lease writes nothing."""
    with transaction.atomic():
        run.progress(0, 0, f"{row.name}: {type(outcome).__name__.lower()}")
        if isinstance(outcome, Failed | Disputed):
            if isinstance(outcome, Disputed):
                _dispute(row, checkpoint, outcome)
            _failed(row, outcome.reason)
        else:
            _keep(row.name, checkpoint, outcome)
            _taken(row, checkpoint, pause)
        row.save()


def _failed(row: LogSink, reason: str) -> None:
    now = timezone.now()
    row.attempts += 1
    row.failing_since = row.failing_since or now
    row.error = storable(reason, limit=MOST_TEXT)
    row.next_try_at = now + min(timedelta(seconds=2 ** min(row.attempts, 12)), LONGEST_PAUSE)
    logger.warning("the log's sink %s is tried again later: %s", row.name, row.error)


def _taken(row: LogSink, checkpoint: LogCheckpoint, pause: timedelta) -> None:
    now = timezone.now()
    row.origin, row.size, row.moved_at = checkpoint.origin, checkpoint.size, now
    row.attempts, row.failing_since, row.error = 0, None, ""
    row.dispute, row.known_size = "", None
    row.next_try_at = now + pause


def _keep(name: str, checkpoint: LogCheckpoint, outcome: Anchored | Cosigned) -> None:
    if isinstance(outcome, Cosigned):
        found = outcome.cosignature
        LogCosignature.objects.get_or_create(
            checkpoint=checkpoint,
            witness=outcome.witness,
            defaults={"line": found.line, "at": found.at},
        )
    else:
        LogAnchor.objects.get_or_create(
            checkpoint=checkpoint, sink=name, defaults={"receipt": outcome.receipt}
        )


def _dispute(row: LogSink, checkpoint: LogCheckpoint, outcome: Disputed) -> None:
    """Put on record that a sink holds against the log what it knows, once for as long as it does.

    Nothing is signed while it stands: each further checkpoint would be another view of the log.
    """
    is_new = not row.dispute or row.origin != checkpoint.origin
    if row.origin != checkpoint.origin:
        row.origin, row.size = checkpoint.origin, 0
    row.dispute, row.known_size = storable(outcome.reason, limit=MOST_TEXT), outcome.size
    if is_new:
        publish(
            LogDisputed(
                subject=f"log/{checkpoint.origin}",
                sink=row.name,
                size=checkpoint.size,
                known_size=outcome.size,
                finding=row.dispute,
            ),
            actor=system(),
        )
