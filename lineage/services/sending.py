"""Send events to one sink, in order, at least once, from the sink's cursor."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from lineage.models import DeadLetter, LineageEvent, Sink
from lineage.services.batching import BEHIND, send_window
from lineage.services.channels import Outcome

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.tasks import TaskRun
    from lineage.services.channels import Answer, Channel
    from lineage.services.sinks import Destination

logger = logging.getLogger(__name__)
PAGE = 50
# How many batches are read at once.
WINDOW = 5
SAVE_EVERY = 10
SAVE_SECONDS = 5.0
RUN_SECONDS = 15.0
LONGEST_PAUSE = timedelta(minutes=5)
# From so many failures in a row on, the event itself is suspected, not only the sink.
SUSPECT_AFTER = 4


class CursorMoved(RuntimeError):
    """Somebody moved the sink's cursor while events were being sent: it counts, not ours."""


@dataclass
class Sending:
    """One task's work on one sink.

    Nothing is sent inside a transaction. A sink that is away is tried again with growing pauses.
    An event that it refuses is set aside, with the later events of its run, and the rest goes on.
    """

    sink: Sink
    run: TaskRun
    destination: Destination
    counts: dict[str, int] = field(default_factory=lambda: {"sent": 0, "set_aside": 0})
    _unsaved: int = 0
    _saved_at: float = field(default_factory=time.monotonic)
    _stored_cursor: int = field(init=False)

    def __post_init__(self) -> None:
        self._stored_cursor = self.sink.cursor

    def send_pending(self) -> None:
        """Send dead letters that are due, then what lies behind the cursor.

        Raises CursorMoved when a replay moved the cursor meanwhile.
        """
        deadline = time.monotonic() + RUN_SECONDS
        try:
            channel = self.destination.connect()
        except Exception as error:  # whatever a factory raises must show on the sink
            logger.exception("sink %s cannot be connected", self.sink.name)
            self._pause(repr(error))
            return
        try:
            send_page = self._send_page if channel.size == 1 else self._send_batches
            if self._send_due_letters(channel, deadline):
                while time.monotonic() < deadline and send_page(channel, deadline):
                    pass
        finally:
            channel.close()

    def _send_page(self, channel: Channel, deadline: float) -> bool:
        """Send the next page; tell whether there may be more to send now."""
        head = _head()
        events = list(self._behind(self.sink.cursor)[:PAGE])
        held = self._held_runs()
        for event in events:
            if event.run in held:
                self._set_aside(event, BEHIND)
                continue
            outcome, error = _send(channel, event)
            if outcome is Outcome.FAILED:
                return self._suspect(channel, event, error)
            if outcome is Outcome.REFUSED:
                self._set_aside(event, error)
                if event.run:
                    held.add(event.run)
            else:
                self._advance(event)
            if time.monotonic() >= deadline:
                break
        else:
            self._pass_over(events, head, page=PAGE)
        self._save()
        return len(events) == PAGE

    def _send_batches(self, channel: Channel, deadline: float) -> bool:
        """Send the next window in batches; tell whether there may be more to send now.

        No batch has two events of one run: a later one goes only when the earlier was taken. The
        cursor stops before the first event that the sink did not take and may take later.
        """
        head, page = _head(), channel.size * WINDOW
        events = list(self._behind(self.sink.cursor)[:page])
        answers = send_window(channel, events, held=self._held_runs(), beat=self._beat)
        failed = [event for event in events if answers[event.pk][0] is Outcome.FAILED]
        is_there = any(outcome is Outcome.TAKEN for outcome, _ in answers.values())
        # A sink that takes others and not this event, several times: it is the event's trouble.
        give_up = is_there and self.sink.attempts + 1 >= SUSPECT_AFTER
        attempts = self.sink.attempts
        for event in events:
            outcome, error = answers[event.pk]
            if outcome is Outcome.FAILED and not give_up:
                break
            if outcome is Outcome.TAKEN:
                self._advance(event)
            else:
                self._set_aside(event, error)
        else:
            self._pass_over(events, head, page=page)
        self._save()
        if failed and not give_up:
            self.sink.attempts = attempts
            self._pause(answers[failed[0].pk][1])
            return False
        return len(events) == page

    def _pass_over(self, events: list[LineageEvent], head: int, *, page: int) -> None:
        """After the last page, leave behind what the filter does not let through."""
        if len(events) < page and head > self.sink.cursor:
            self.sink.cursor = head

    def _suspect(self, channel: Channel, event: LineageEvent, error: str) -> bool:
        """Find out whether the sink is away, or only this event's trouble; tell whether to go on.

        After several failures in a row the next event of another run is tried: if the sink takes
        that one, this one is set aside; else nothing is, however long the sink is away.
        """
        held = self._held_runs()
        others = self._behind(event.pk).exclude(run__in=held | {event.run} - {None})
        probe = others.first() if self.sink.attempts + 1 >= SUSPECT_AFTER else None
        if probe is None or _send(channel, probe)[0] is not Outcome.TAKEN:
            self._pause(error)
            return False
        self._set_aside(event, error)
        for skipped in self._behind(event.pk).filter(pk__lt=probe.pk):
            self._set_aside(skipped, BEHIND)
        self._advance(probe)
        self._save()
        return True

    def _send_due_letters(self, channel: Channel, deadline: float) -> bool:
        """Send dead letters again, oldest first; tell whether the sink was there throughout."""
        due = self.sink.dead_letters.filter(is_due=True, resolved_at__isnull=True)
        failed_runs: set[UUID | None] = set()
        for letter in due.select_related("event").order_by("event_id"):
            if letter.event.run and letter.event.run in failed_runs:
                outcome, error = Outcome.REFUSED, BEHIND
            else:
                outcome, error = _send(channel, letter.event)
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

    def _behind(self, cursor: int) -> QuerySet[LineageEvent]:
        return self.destination.filter.matching().filter(pk__gt=cursor).order_by("pk")

    def _held_runs(self) -> set[UUID | None]:
        letters = self.sink.dead_letters.filter(resolved_at__isnull=True, event__run__isnull=False)
        return set(letters.values_list("event__run", flat=True))

    def _set_aside(self, event: LineageEvent, error: str) -> None:
        with transaction.atomic():
            # A letter that a replay closed is open again.
            again = {"error": error, "failed_at": timezone.now(), "resolved_at": None}
            DeadLetter.objects.update_or_create(sink=self.sink, event=event, defaults=again)
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
            now, stored = timezone.now(), Sink.objects.filter(pk=self.sink.pk)
            moved = stored.filter(cursor=self._stored_cursor).update(
                cursor=self.sink.cursor,
                attempts=self.sink.attempts,
                next_try_at=self.sink.next_try_at,
                error=self.sink.error,
                moved_at=now,
            )
            if not moved:
                raise CursorMoved(self.sink.name)
            self.sink.moved_at, self._stored_cursor = now, self.sink.cursor
            self._report()
        self._unsaved, self._saved_at = 0, time.monotonic()

    def _beat(self) -> None:
        with transaction.atomic():
            self._report()

    def _report(self) -> None:
        """Renew the lease; in a transaction, a run that lost it rolls back."""
        self.run.progress(self.counts["sent"], 0, f"{self.sink.name} at {self.sink.cursor}")


def _head() -> int:
    """Return the last event that there is; read before a page, so that the page has it."""
    return LineageEvent.objects.aggregate(last=Max("pk"))["last"] or 0


def _next_try(attempts: int) -> datetime:
    pause = timedelta(seconds=2 ** min(attempts, 16))
    return timezone.now() + min(pause, LONGEST_PAUSE)


def _send(channel: Channel, event: LineageEvent) -> Answer:
    """Send the stored bytes of one event, and nothing else."""
    (answer,) = channel.send([bytes(event.body)])
    return answer
