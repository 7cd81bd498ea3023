"""Send events to one sink, in order, at least once, from the sink's cursor."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from lineage.models import DeadLetter, LineageEvent, Sink
from lineage.services import sinks

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from openlineage.client.transport import Transport

    from core.tasks import TaskRun

logger = logging.getLogger(__name__)
PAGE = 50
SAVE_EVERY = 10
SAVE_SECONDS = 5.0
RUN_SECONDS = 15.0
LONGEST_PAUSE = timedelta(minutes=5)
# From so many failures in a row on, the event itself is suspected, not only the sink.
SUSPECT_AFTER = 4
BEHIND = "an earlier event of its run was not taken"
MAX_ERROR = 2_000


class Outcome(Enum):
    """What came of sending one event."""

    TAKEN = "taken"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass
class Sending:
    """One task's work on one sink.

    Nothing is sent inside a transaction. A sink that is away is tried again with growing pauses.
    An event that it refuses is set aside, with the later events of its run, and the rest goes on.
    """

    sink: Sink
    run: TaskRun
    counts: dict[str, int] = field(default_factory=lambda: {"sent": 0, "set_aside": 0})
    _unsaved: int = 0
    _saved_at: float = field(default_factory=time.monotonic)

    def send_pending(self, destination: sinks.Destination) -> None:
        """Send dead letters that are due, then what lies behind the cursor."""
        deadline = time.monotonic() + RUN_SECONDS
        try:
            transport = destination.connect()
        except Exception as error:  # whatever a factory raises must show on the sink
            logger.exception("sink %s cannot be connected", self.sink.name)
            self._pause(repr(error))
            return
        try:
            if self._send_due_letters(transport, deadline):
                while time.monotonic() < deadline and self._send_page(transport, deadline):
                    pass
        finally:
            transport.close()

    def _send_page(self, transport: Transport, deadline: float) -> bool:
        """Send the next page; tell whether there may be more to send now."""
        events = list(_behind(self.sink.cursor)[:PAGE])
        held = self._held_runs()
        for event in events:
            if event.run in held:
                self._set_aside(event, BEHIND)
                continue
            outcome, error = _send(transport, event)
            if outcome is Outcome.FAILED:
                return self._suspect(transport, event, error)
            if outcome is Outcome.REFUSED:
                self._set_aside(event, error)
                if event.run:
                    held.add(event.run)
            else:
                self._advance(event)
            if time.monotonic() >= deadline:
                break
        self._save()
        return len(events) == PAGE

    def _suspect(self, transport: Transport, event: LineageEvent, error: str) -> bool:
        """Find out whether the sink is away, or only this event's trouble; tell whether to go on.

        After several failures in a row the next event of another run is tried: if the sink takes
        that one, this one is set aside; else nothing is, however long the sink is away.
        """
        held = self._held_runs()
        others = _behind(event.pk).exclude(run__in=held | {event.run} - {None})
        probe = others.first() if self.sink.attempts + 1 >= SUSPECT_AFTER else None
        if probe is None or _send(transport, probe)[0] is not Outcome.TAKEN:
            self._pause(error)
            return False
        self._set_aside(event, error)
        for skipped in _behind(event.pk).filter(pk__lt=probe.pk):
            self._set_aside(skipped, BEHIND)
        self._advance(probe)
        self._save()
        return True

    def _send_due_letters(self, transport: Transport, deadline: float) -> bool:
        """Send dead letters again, oldest first; tell whether the sink was there throughout."""
        due = self.sink.dead_letters.filter(is_due=True, resolved_at__isnull=True)
        failed_runs: set[UUID | None] = set()
        for letter in due.select_related("event").order_by("event_id"):
            if letter.event.run and letter.event.run in failed_runs:
                outcome, error = Outcome.REFUSED, BEHIND
            else:
                outcome, error = _send(transport, letter.event)
            if outcome is Outcome.FAILED:
                self._pause(error)
                return False
            if outcome is Outcome.REFUSED:
                failed_runs.add(letter.event.run)
                letter.error, letter.failed_at = error, timezone.now()
            else:
                letter.resolved_at = timezone.now()
                self.counts["sent"] += 1
            letter.is_due = False
            with transaction.atomic():
                letter.save(update_fields=["error", "failed_at", "is_due", "resolved_at"])
                self._report()
            if time.monotonic() >= deadline:
                return False
        return True

    def _held_runs(self) -> set[UUID | None]:
        letters = self.sink.dead_letters.filter(resolved_at__isnull=True, event__run__isnull=False)
        return set(letters.values_list("event__run", flat=True))

    def _set_aside(self, event: LineageEvent, error: str) -> None:
        with transaction.atomic():
            DeadLetter.objects.get_or_create(sink=self.sink, event=event, defaults={"error": error})
            self.counts["set_aside"] += 1
            self._move_to(event)
            self._save()
        logger.warning("sink %s did not take event %s: %s", self.sink, event.uuid, error)

    def _move_to(self, event: LineageEvent) -> None:
        self.sink.cursor = event.pk
        self.sink.attempts, self.sink.next_try_at, self.sink.error = 0, None, ""

    def _advance(self, event: LineageEvent) -> None:
        self._move_to(event)
        self.counts["sent"] += 1
        self._unsaved += 1
        if self._unsaved >= SAVE_EVERY or time.monotonic() - self._saved_at > SAVE_SECONDS:
            self._save()

    def _pause(self, error: str) -> None:
        self.sink.attempts += 1
        self.sink.error = error
        self.sink.next_try_at = _next_try(self.sink.attempts)
        logger.warning("sink %s is tried again later: %s", self.sink, error)
        self._save()

    def _save(self) -> None:
        with transaction.atomic():
            self.sink.moved_at = timezone.now()
            self.sink.save()
            self._report()
        self._unsaved, self._saved_at = 0, time.monotonic()

    def _report(self) -> None:
        """Renew the lease; in a transaction, a run that lost it rolls back."""
        self.run.progress(self.counts["sent"], 0, f"{self.sink.name} at {self.sink.cursor}")


def _behind(cursor: int) -> QuerySet[LineageEvent]:
    return LineageEvent.objects.filter(pk__gt=cursor).order_by("pk")


def _next_try(attempts: int) -> datetime:
    pause = timedelta(seconds=2 ** min(attempts, 16))
    return timezone.now() + min(pause, LONGEST_PAUSE)


def _send(transport: Transport, event: LineageEvent) -> tuple[Outcome, str]:
    """Send the stored bytes, and nothing else: openlineage-python's client would add facets of
    the process that it runs in, and read configuration from its folder and environment."""
    from lineage.mapping.wire import decode

    try:
        transport.emit(decode(bytes(event.body)))
    except Exception as error:  # noqa: BLE001 - transports raise whatever their libraries do
        refused = sinks.is_refusal(error)
        outcome = Outcome.REFUSED if refused else Outcome.FAILED
        return outcome, f"{type(error).__name__}: {error}"[:MAX_ERROR]
    return Outcome.TAKEN, ""
