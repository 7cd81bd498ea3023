"""Send a test, send again what was refused, and tell a stream anew from a place on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from audits.events import StreamReplayed, StreamRetried, StreamTested
from audits.models import Stream
from audits.services.streams import matching
from audits.services.streams.managing import event_fields, managed
from audits.services.streams.sending import DELIVERIES, MOST_TEXT, send_to
from audits.services.streams.transports import Answer
from core.errors import Conflict, InvalidInput
from core.ids import new_uuid
from core.journal import publish
from core.models import JournalSequence
from core.tasks import enqueue
from core.texts import storable
from registry import access
from registry.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from core.tasks import TaskRun

TEST_TASK = "audits.test_stream"
TEST_ACTION = "muniment.stream.test"
# A stream that has failed for so long is an operator's business.
SILENCE_SECONDS = 600


def request_test(*, actor: Actor, stream: UUID) -> Stream:
    """Have an event about nothing sent, in the background; the stream shows what came of it."""
    found = managed(actor, stream)
    with transaction.atomic():
        publish(StreamTested(**event_fields(found)), actor=actor)
        enqueue(TEST_TASK, {"stream": str(found.uuid)}, dedupe_key=str(found.uuid), max_attempts=1)
    return found


def send_test(run: TaskRun) -> dict[str, Any]:
    """Send an event about nothing to the stream that the task names; it has no place."""
    stream = Stream.objects.exclude(state=Stream.State.DELETED).get(uuid=run.payload["stream"])
    now = timezone.now()
    entry: dict[str, Any] = {
        "instance": settings.INSTANCE,
        "leaf": "",
        "seq": None,
        "uuid": str(new_uuid()),
        "occurred_at": now.isoformat(timespec="microseconds"),
        "action": TEST_ACTION,
        "outcome": "success",
        "actor": {
            "uuid": None,
            "kind": "system",
            "username": None,
            "roles": [],
            "via": "system",
            "credential": "",
        },
        "workspace": None,
        "subject": f"stream/{stream.uuid}",
        "digest": None,
        "reason": "",
        "before": {},
        "after": {},
        "data": {"stream": stream.name},
        "request_id": "",
    }
    sent = send_to(stream, [entry], message=new_uuid())
    told = "taken" if sent.answer is Answer.TAKEN else f"{sent.answer.value}: {sent.error}"
    result = storable(told, limit=MOST_TEXT)
    Stream.objects.filter(pk=stream.pk).update(tested_at=now, test_result=result)
    return {"result": result}


def replay(
    *,
    actor: Actor,
    stream: UUID,
    seq: int | None = None,
    since: datetime | None = None,
    reason: str = "",
) -> int:
    """Tell a stream again of the entry at ``seq`` and all behind it, or of all since a time.

    Returns how many of them it asks for. What it refused among them is sent in its place. Raises
    InvalidInput for a place that is not there.
    """
    managed(actor, stream)
    start = _start(seq, since)
    with transaction.atomic():
        locked = Stream.objects.select_for_update(no_key=True).get(uuid=stream)
        # A task that is sending now sees that the cursor moved, and stops.
        locked.cursor = start - 1
        locked.attempts, locked.failing_since, locked.next_try_at, locked.error = 0, None, None, ""
        locked.save()
        behind = locked.letters.filter(entry__sequence__seq__gte=start, resolved_at__isnull=True)
        behind.update(resolved_at=timezone.now(), is_due=False)
        count = int(matching.asked_for(locked).filter(sequence__seq__gte=start).count())
        event = StreamReplayed(**event_fields(locked), seq=start, reason=reason)
        publish(event, actor=actor)
        DELIVERIES.wake([str(locked.uuid)], at_once=True)
    return count


def _start(seq: int | None, since: datetime | None) -> int:
    if (seq is None) == (since is None):
        raise InvalidInput("Give either seq or since: where to start from.")
    if since is None:
        if seq is None or not 0 <= seq <= matching.head():
            raise InvalidInput.of("seq", f"must be a place: 0 to {matching.head()}")
        return seq
    placed = JournalSequence.objects.filter(entry__occurred_at__gte=since).order_by("seq")
    first = placed.values_list("seq", flat=True).first()
    if first is None:
        raise InvalidInput.of("since", "nothing has happened since then")
    return int(first)


def retry(*, actor: Actor, stream: UUID) -> int:
    """Have everything sent again that the receiver refused; return how many entries."""
    found = managed(actor, stream)
    if found.state != Stream.State.ACTIVE:
        raise Conflict("The stream is paused; resume it first.")
    with transaction.atomic():
        due = found.letters.filter(resolved_at__isnull=True).update(is_due=True)
        publish(StreamRetried(**event_fields(found), entries=due), actor=actor)
        DELIVERIES.wake([str(found.uuid)], at_once=True)
    return due


def wake_all() -> None:
    """See to it that each active stream that was not told of everything has a task."""
    behind = [str(each) for each in _behind().values_list("uuid", flat=True)]
    if behind:
        with transaction.atomic():
            DELIVERIES.wake(behind)


def sweep() -> int:
    """Wake the streams that have something to send, should their chain have ended for good."""
    wake_all()
    return _behind().count()


def is_anybody_listening() -> bool:
    """Tell whether there is an active stream."""
    return Stream.objects.filter(state=Stream.State.ACTIVE).exists()


def _behind() -> QuerySet[Stream]:
    due = Q(letters__is_due=True, letters__resolved_at__isnull=True)
    active = Stream.objects.filter(state=Stream.State.ACTIVE)
    return active.filter(Q(cursor__lt=matching.head()) | due).distinct()


def streams(actor: Actor) -> QuerySet[Stream]:
    """Return every stream with its lag (``with_lag``), for administrators of the organisation."""
    access.require_organisation_admin(actor, subject="stream")
    return with_lag(Stream.objects.exclude(state=Stream.State.DELETED))


def with_lag(rows: QuerySet[Stream]) -> QuerySet[Stream]:
    """Return the streams with ``dead`` letters, how many entries a stream has not come past yet
    (``behind``), and since when the ``oldest`` of them waits."""
    behind = JournalSequence.objects.filter(seq__gt=OuterRef("cursor")).order_by("seq")
    head = JournalSequence.objects.order_by("-seq").values("seq")[:1]
    return rows.annotate(
        behind=Coalesce(Subquery(head), F("cursor")) - F("cursor"),
        dead=Count("letters", filter=Q(letters__resolved_at__isnull=True)),
        oldest=Subquery(behind.values("entry__occurred_at")[:1]),
    )


@dataclass(frozen=True)
class Lag:
    """How far a stream is: entries that it has not come past, since when the oldest of them waits,
    and how many were refused."""

    behind: int
    oldest: datetime | None
    dead: int


def slugs() -> dict[str, str]:
    """Return the slugs of the workspaces that streams are limited to, by uuid."""
    alive = Stream.objects.exclude(state=Stream.State.DELETED)
    wanted = {uuid for uuids in alive.values_list("workspaces", flat=True) for uuid in uuids}
    found = Workspace.objects.filter(uuid__in=wanted).values_list("uuid", "slug")
    return {str(uuid): slug for uuid, slug in found}


def all_lags() -> Sequence[tuple[Stream, Lag]]:
    """Return every stream with its lag, for the service itself, in one query."""
    rows: QuerySet[Any] = with_lag(Stream.objects.exclude(state=Stream.State.DELETED))
    return [(row, Lag(row.behind, row.oldest, row.dead)) for row in rows.order_by("name")]
