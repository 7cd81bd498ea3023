"""Send a stream what lies behind its cursor, in order, at least once."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from audits.models import Stream, StreamLetter
from audits.services.streams import matching, transports
from audits.services.streams.addresses import place
from audits.services.streams.transports import Answer, Letter, Sent
from core.chains import Chain, Next
from core.errors import InvalidInput
from core.sealing import CannotUnseal, unseal
from core.tasks import LeaseLost
from core.texts import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.models import JournalEntry
    from core.tasks import TaskRun

logger = logging.getLogger(__name__)
DELIVERIES = Chain("audits.deliver_stream", "stream")
RUN_SECONDS = 15.0
LONGEST_PAUSE = timedelta(minutes=5)
# Letters that are tried again in one run.
MOST_LETTERS = 200
MOST_TEXT = 400


class Moved(RuntimeError):
    """The stream was changed meanwhile, or somebody put its cursor elsewhere."""


def deliver(run: TaskRun) -> dict[str, Any]:
    """Send what is pending to the stream that the task names; return what was done.

    Works for about 15 seconds; it then queues the next task, at once where more is pending, or
    for the time of the next try.
    """
    stream = Stream.objects.filter(uuid=run.payload["stream"]).first()
    if stream is None or stream.state != Stream.State.ACTIVE:
        return {"skipped": stream.state if stream else "gone"}
    sending = Sending(stream, run)
    if stream.next_try_at is None or stream.next_try_at <= timezone.now():
        sending.attempt()
    result = {"cursor": stream.cursor, **sending.counts}

    def more() -> Next | None:
        stream.refresh_from_db()
        return Next(stream.next_try_at) if is_pending(stream) else None

    DELIVERIES.end(run, result, more)
    return result


def is_pending(stream: Stream) -> bool:
    """Tell whether there is anything that the stream has not been told of, or passed over."""
    if stream.state != Stream.State.ACTIVE:
        return False
    return stream.cursor < matching.head() or _due_letters(stream).exists()


def secrets_of(stream: Stream) -> tuple[dict[str, str], bytes]:
    """Return the headers and the key of a stream; raises CannotUnseal."""
    if not bytes(stream.sealed):
        return {}, b""
    kept = json.loads(unseal(bytes(stream.sealed)))
    return dict(kept["headers"]), bytes.fromhex(kept["secret"])


def send_to(stream: Stream, entries: Sequence[dict[str, Any]], *, message: Any) -> Sent:
    """Send entries as they are; whatever is wrong with the stream itself is a failure, too."""
    try:
        headers, secret = secrets_of(stream)
        where = place(stream.address)
    except InvalidInput as error:
        return Sent(Answer.FAILED, error.detail)
    except CannotUnseal as error:
        return Sent(Answer.FAILED, f"give the headers and the secret anew: they were {error}")
    letter = Letter(message, timezone.now(), headers, secret)
    return transports.send(where, entries, shape=stream.format, letter=letter)


def _due_letters(stream: Stream) -> Any:
    return stream.letters.filter(is_due=True, resolved_at__isnull=True)


@dataclass
class Sending:
    """One task's work on one stream. Nothing is sent inside a transaction.

    A receiver that is away is tried again with growing pauses, however long; an entry that it
    refuses becomes a dead letter, and the rest goes on.
    """

    stream: Stream
    run: TaskRun
    counts: dict[str, int] = field(default_factory=lambda: {"sent": 0, "refused": 0})

    def attempt(self) -> None:
        """Send what is pending; whatever goes wrong shows on the stream, and is tried again."""
        try:
            try:
                self.send_pending()
            except (Moved, LeaseLost):
                raise
            except Exception as error:
                logger.exception("stream %s cannot be sent to", self.stream)
                self._pause(f"{type(error).__name__}: {error}")
        except Moved:
            self.stream.refresh_from_db()  # the next task goes on from where it was put

    def send_pending(self) -> None:
        """Send dead letters that are due, then what lies behind the cursor; raises Moved."""
        deadline = time.monotonic() + RUN_SECONDS
        if not self._send_letters(deadline):
            return
        while time.monotonic() < deadline:
            page = matching.page_after(self.stream, self.stream.cursor, size=self.stream.batch)
            if page.end <= self.stream.cursor:
                return
            if not page.entries:
                self._save(page.end)
            elif not self._send_page(page):
                return

    def _send_page(self, page: matching.Page) -> bool:
        """Send a page as a batch, and one by one where the receiver refuses it as a whole."""
        sent = self._send(page.entries)
        if sent.answer is Answer.REFUSED and len(page.entries) > 1:
            return all(self._send_one(row) for row in page.entries) and self._save(page.end)
        return self._settle(page.entries, sent, end=page.end)

    def _send_one(self, row: JournalEntry) -> bool:
        return self._settle([row], self._send([row]), end=row.sequence.seq)

    def _settle(self, rows: Sequence[JournalEntry], sent: Sent, *, end: int) -> bool:
        """Write down what came of entries; tell whether to go on."""
        if sent.answer is Answer.FAILED:
            self._pause(sent.error)
            return False
        refused = rows if sent.answer is Answer.REFUSED else ()
        self.counts["refused" if refused else "sent"] += len(rows)
        return self._save(end, refused=refused, error=sent.error)

    def _send(self, rows: Sequence[JournalEntry]) -> Sent:
        entries = matching.described(self.stream, rows)
        return send_to(self.stream, entries, message=rows[0].uuid)

    def _send_letters(self, deadline: float) -> bool:
        """Send dead letters again, oldest first; tell whether the receiver was there throughout."""
        letters = _due_letters(self.stream).select_related("entry__sequence")
        for letter in letters.order_by("entry__sequence__seq")[:MOST_LETTERS]:
            sent = self._send([letter.entry])
            if sent.answer is Answer.FAILED:
                self._pause(sent.error)
                return False
            letter.is_due = False
            if sent.answer is Answer.TAKEN:
                letter.resolved_at = timezone.now()
            letter.error, letter.failed_at = storable(sent.error, limit=MOST_TEXT), timezone.now()
            with transaction.atomic():
                letter.save(update_fields=["is_due", "resolved_at", "error", "failed_at"])
                self._report()
            self.counts["refused" if sent.error else "sent"] += 1
            if time.monotonic() >= deadline:
                return False
        return True

    def _save(self, end: int, *, refused: Sequence[JournalEntry] = (), error: str = "") -> bool:
        """Move the cursor, and set refused entries aside, in one transaction."""
        now, told = timezone.now(), storable(error, limit=MOST_TEXT)
        with transaction.atomic():
            self._update(
                cursor=end,
                attempts=0,
                failing_since=None,
                next_try_at=None,
                error="",
                moved_at=now,
            )
            for row in refused:
                again = {"error": told, "failed_at": now, "resolved_at": None, "is_due": False}
                StreamLetter.objects.update_or_create(stream=self.stream, entry=row, defaults=again)
                logger.warning("stream %s did not take entry %s: %s", self.stream, row.uuid, error)
        return True

    def _pause(self, error: str) -> None:
        attempts, now = self.stream.attempts + 1, timezone.now()
        pause = min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_PAUSE)
        logger.warning("stream %s is tried again later: %s", self.stream, error)
        with transaction.atomic():
            self._update(
                attempts=attempts,
                failing_since=self.stream.failing_since or now,
                next_try_at=now + pause,
                error=storable(error, limit=MOST_TEXT),
            )

    def _update(self, **values: Any) -> None:
        """Write to the row as it was read; raises Moved where it is not that any more."""
        mine = Stream.objects.filter(
            pk=self.stream.pk, cursor=self.stream.cursor, state=Stream.State.ACTIVE
        )
        if not mine.update(**values):
            raise Moved(self.stream.name)
        for name, value in values.items():
            setattr(self.stream, name, value)
        self._report()

    def _report(self) -> None:
        """Renew the lease; in a transaction, a run that lost it rolls back."""
        self.run.progress(self.counts["sent"], 0, f"{self.stream.name} at {self.stream.cursor}")
