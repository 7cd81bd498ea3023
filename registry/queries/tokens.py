"""Which tokens are an actor's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.models import Token

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor


def own_tokens(actor: Actor) -> QuerySet[Token]:
    """Return the tokens of the actor's user; for a narrowed token that token alone."""
    if actor.user is None:
        return Token.objects.none()
    own = Token.objects.filter(user=actor.user)
    return own.filter(prefix=actor.credential) if actor.is_narrowed else own
