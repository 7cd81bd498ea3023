"""Turn a journal entry into notifications, in batches that end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.consumers import sequenced
from core.models import JournalSequence
from core.tasks import enqueue
from registry.models import Notification
from registry.permissions import Permission
from registry.queries.people import who_may
from registry.services.notices.audiences import audiences_of

if TYPE_CHECKING:
    from core.journal import SequencedEntry
    from core.models import User
    from core.tasks import TaskRun
    from registry.services.notices.people import Audience

BATCH = 500
# Audiences that are looked at before the rest is left to a task.
AT_ONCE = 20
TASK = "registry.notify"


def tell(entry: SequencedEntry) -> int:
    """Notify whom ``entry`` concerns, in the current transaction; return how many were new.

    Doing it twice adds nothing. More than 500 accounts, or 20 audiences, are left to a task:
    nothing that happens holds up the journal for everybody else.
    """
    made = 0
    for place, audience in enumerate(audiences_of(entry)):
        found = _next(audience, entry, after=0) if place < AT_ONCE else []
        made += _store(audience, entry, found)
        if place == AT_ONCE or len(found) == BATCH:
            payload = {"seq": entry.seq, "audience": place, "after": found[-1].pk if found else 0}
            enqueue(TASK, payload, dedupe_key=str(entry.uuid), workspace=audience.workspace.uuid)
            break
    return made


def go_on(run: TaskRun) -> dict[str, Any]:
    """Notify the rest of an entry's audiences, a batch to a transaction.

    The payload says where to begin; begun again after a crash, it adds nothing twice.
    """
    row = JournalSequence.objects.select_related("entry").get(seq=run.payload["seq"])
    entry = sequenced(row)
    first, after, made = int(run.payload["audience"]), int(run.payload["after"]), 0
    for audience in audiences_of(entry)[first:]:
        while found := _next(audience, entry, after=after):
            with transaction.atomic():
                made += _store(audience, entry, found)
                run.progress(made, 0)
            after = found[-1].pk
        after = 0
    return {"notified": made}


def _next(audience: Audience, entry: SequencedEntry, *, after: int) -> list[User]:
    """Return the next accounts of an audience that may see the subject now; never the actor."""
    seeing = who_may(Permission.VIEW, audience.workspace.pk)
    return list(
        seeing.filter(audience.who, pk__gt=after)
        .exclude(uuid=entry.body["actor"]["id"])
        .only("pk")
        .order_by("pk")[:BATCH]
    )


def _store(audience: Audience, entry: SequencedEntry, users: list[User]) -> int:
    told = Notification.objects.filter(entry_id=entry.id, user__in=users)
    known = set(told.values_list("user_id", flat=True))
    rows = [
        Notification(
            user=user,
            entry_id=entry.id,
            workspace=audience.workspace,
            reason=audience.reason,
            action=entry.action,
            subject=audience.subject,
            occurred_at=entry.occurred_at,
        )
        for user in users
        if user.pk not in known
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
