"""Mark one's notifications as read. What one has read is one's own matter, not the journal's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.errors import Denial, NotFound
from registry.models import Notification
from registry.queries.notifications import own_notifications

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor


def read(*, actor: Actor, notification: UUID) -> Notification:
    """Mark one of the actor's notifications as read, once; raises NotFound for any other."""
    found = own_notifications(actor).filter(uuid=notification).first()
    if found is None:
        foreign = Notification.objects.filter(uuid=notification).select_related("workspace").first()
        if foreign is None:
            raise NotFound
        denial = Denial("own_notification", f"notification/{notification}", foreign.workspace.uuid)
        raise NotFound(denial=denial)
    now = timezone.now()
    if Notification.objects.filter(pk=found.pk, read_at__isnull=True).update(read_at=now):
        found.read_at = now
    return found


def read_all(*, actor: Actor, until: UUID | None = None) -> int:
    """Mark all the actor's notifications as read, those newer than ``until`` excepted; return how
    many were unread."""
    mine = own_notifications(actor).filter(read_at__isnull=True)
    if until is not None:
        mine = mine.filter(pk__lte=read(actor=actor, notification=until).pk)
    # An UPDATE cannot have the joins of a list.
    ids = Notification.objects.filter(pk__in=mine.order_by().values("pk"))
    return ids.update(read_at=timezone.now())
