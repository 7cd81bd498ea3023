"""An account's notifications, as far as it may still see what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import access
from registry.models import Notification

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor

COUNTED = 1_000


def own_notifications(actor: Actor) -> QuerySet[Notification]:
    """Return the actor's notifications about workspaces that it may see now."""
    if actor.user is None:
        return Notification.objects.none()
    mine = Notification.objects.filter(access.in_reach(actor), user=actor.user)
    return mine.select_related("workspace", "entry")


def unread_count(actor: Actor) -> int:
    """Return how many of them are unread; counting stops at 1,000."""
    return own_notifications(actor).filter(read_at__isnull=True).order_by()[:COUNTED].count()
