"""See to it that stored events reach the sinks: one task per sink, as long as any is pending."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.chains import Chain, Next
from core.errors import InvalidInput
from lineage.models import DeadLetter, Sink
from lineage.services import sinks
from lineage.services.sending import CursorMoved, Sending

if TYPE_CHECKING:
    from core.tasks import TaskRun
    from lineage.services.sinks import Destination

logger = logging.getLogger(__name__)
DELIVERIES = Chain("lineage.deliver", "sink")


def wake() -> None:
    """See to it that every configured sink has a delivery task, in the current transaction.

    A setting that makes no sense is logged: events are stored all the same, and go out later.
    """
    try:
        destinations = sinks.configured()
    except InvalidInput as error:
        logger.error("lineage events wait: %s", error.detail)  # noqa: TRY400 - no trace needed
        return
    DELIVERIES.wake([destination.name for destination in destinations])


def sweep() -> int:
    """Wake the sinks if any of them has something to send; return how many have.

    Delivery tasks follow one another by themselves; this starts the chain again should one end
    for good, and lets a new sink have what was stored before it was configured.
    """
    with transaction.atomic():
        waiting = [each.name for each in sinks.configured() if _has_pending(each)]
        if waiting:
            wake()
    return len(waiting)


def deliver(run: TaskRun) -> dict[str, Any]:
    """Send what is pending to the sink that the task names; return what was done.

    Works for at most 15 seconds; it then queues the next task, at once where more is pending, or
    for the time of the next try.
    """
    name = str(run.payload["sink"])
    destination = sinks.destination(name)
    if destination is None:
        return {"sink": name, "skipped": "no longer configured"}
    sink, _ = Sink.objects.get_or_create(name=name)
    sending = Sending(sink, run, destination)
    if sink.next_try_at is None or sink.next_try_at <= timezone.now():
        try:
            sending.send_pending()
        except CursorMoved:
            sink.refresh_from_db()  # the next task goes on from where it was put
    return _finish(run, sink, destination, sending.counts)


def _finish(
    run: TaskRun, sink: Sink, destination: Destination, counts: dict[str, int]
) -> dict[str, Any]:
    result: dict[str, Any] = {"sink": sink.name, "cursor": sink.cursor, **counts}

    def more() -> Next | None:
        return Next(sink.next_try_at) if _has_pending(destination) else None

    DELIVERIES.end(run, result, more)
    return result


def _has_pending(destination: Destination) -> bool:
    sink = Sink.objects.filter(name=destination.name).first()
    cursor = sink.cursor if sink else 0
    if destination.filter.matching().filter(pk__gt=cursor).exists():
        return True
    return DeadLetter.objects.filter(sink=sink, is_due=True, resolved_at__isnull=True).exists()
