"""What an operator does with sinks: look how far each is, send again what was not taken, and tell
one anew from a moment on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone

from core.errors import InvalidInput, NotFound
from core.journal import publish
from lineage.events import SinkReplayed, SinkRetried
from lineage.models import DeadLetter, LineageEvent, Sink
from lineage.services import delivery, sinks
from lineage.services.lag import with_lag
from registry import access

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from lineage.services.sinks import Destination


@dataclass(frozen=True)
class Status:
    """How far a sink is. ``behind`` counts what its filter lets through and it has not been told
    of, ``oldest_age`` is how many seconds the oldest of that waits, 0 where nothing does."""

    name: str
    type: str
    filter: dict[str, list[str]]
    cursor: int
    behind: int
    oldest_age: float
    attempts: int
    next_try_at: datetime | None
    error: str
    dead_letters: int
    moved_at: datetime | None


def statuses(actor: Actor) -> list[Status]:
    """Return every configured sink. Needs an administrator of the organisation."""
    access.require_organisation_admin(actor, subject="sink")
    return all_statuses()


def all_statuses() -> list[Status]:
    """Return every configured sink, for the service itself; raises InvalidInput for a setting
    that makes no sense. The rest of a sink's configuration may be secret and is not shown."""
    rows = {row.name: row for row in with_lag(Sink.objects.all())}
    return [_status(each, rows.get(each.name)) for each in sinks.configured()]


def retry_dead_letters(*, actor: Actor, sink: str) -> int:
    """Ask for another try of everything that ``sink`` did not take; return how many events.

    Needs an administrator of the organisation; raises NotFound for a sink that is not configured.
    """
    _known(actor, sink)
    with transaction.atomic():
        due = DeadLetter.objects.filter(sink__name=sink, resolved_at__isnull=True)
        count = due.update(is_due=True)
        publish(SinkRetried(subject=f"sink/{sink}", sink=sink, events=count), actor=actor)
        delivery.wake()
    return count


def replay(
    *,
    actor: Actor,
    sink: str,
    event: UUID | None = None,
    since: datetime | None = None,
    reason: str = "",
) -> int:
    """Tell ``sink`` again of an event and all behind it, or of all stored ``since`` a time.

    Returns how many events its filter lets through from there. Whatever it did not take among
    them is tried again in its place. Needs an administrator of the organisation; raises NotFound
    for a sink that is not configured, InvalidInput for an event that is not there.
    """
    destination = _known(actor, sink)
    first = _first(event, since)
    with transaction.atomic():
        row, _ = Sink.objects.get_or_create(name=sink)
        Sink.objects.select_for_update().get(pk=row.pk)
        cursor = first.pk - 1
        # A task that is sending now sees that the cursor moved, and stops.
        Sink.objects.filter(pk=row.pk).update(
            cursor=cursor, attempts=0, next_try_at=None, error="", moved_at=timezone.now()
        )
        row.dead_letters.filter(event_id__gte=first.pk, resolved_at__isnull=True).update(
            resolved_at=timezone.now(), is_due=False
        )
        count = destination.filter.matching().filter(pk__gt=cursor).count()
        publish(
            SinkReplayed(
                subject=f"sink/{sink}",
                reason=reason,
                sink=sink,
                events=count,
                from_event=str(first.uuid),
                cursor=cursor,
            ),
            actor=actor,
        )
        delivery.wake()
    return count


def _known(actor: Actor, sink: str) -> Destination:
    access.require_organisation_admin(actor, subject=f"sink/{sink}")
    found = sinks.destination(sink)
    if found is None:
        raise NotFound
    return found


def _first(event: UUID | None, since: datetime | None) -> LineageEvent:
    if (event is None) == (since is None):
        raise InvalidInput("Give either event or since: where to start from.")
    stored = LineageEvent.objects.defer("body").order_by("pk")
    if event is not None:
        found = stored.filter(uuid=event).first()
        if found is None:
            raise InvalidInput.of("event", "is no event that is stored here")
        return found
    found = stored.filter(stored_at__gte=since).first()
    if found is None:
        raise InvalidInput.of("since", "nothing was stored since then")
    return found


def _status(destination: Destination, row: Any) -> Status:
    """Return the status by its row, which a sink that was never sent to has not."""
    if row is None:
        waiting = destination.filter.matching().aggregate(all=Count("pk"), oldest=Min("stored_at"))
        behind, oldest = waiting["all"], waiting["oldest"]
    else:
        behind, oldest = row.behind, row.oldest
    sink = row or Sink(name=destination.name)
    return Status(
        name=destination.name,
        type=destination.type,
        filter=destination.filter.told(),
        cursor=sink.cursor,
        behind=behind,
        oldest_age=max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0,
        attempts=sink.attempts,
        next_try_at=sink.next_try_at,
        error=sink.error,
        dead_letters=row.letters if row else 0,
        moved_at=sink.moved_at if row else None,
    )
