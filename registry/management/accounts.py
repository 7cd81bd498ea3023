"""On whose behalf a command acts."""

from __future__ import annotations

from django.core.management.base import CommandError

from core.actors import Actor, Via
from core.models import User


def actor_called(username: str) -> Actor:
    """Return the account as an actor; raises CommandError for an unknown or disabled one."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active account {username!r}.", returncode=2)
    return Actor(user=user, via=Via.COMMAND)
