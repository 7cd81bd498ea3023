"""What our API views share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.viewsets import GenericViewSet

from core.errors import AuthenticationRequired

if TYPE_CHECKING:
    from core.actors import Actor


class ActorViewSet(GenericViewSet):  # type: ignore[type-arg]  # each subclass has its own rows
    """A viewset that knows who acts; its subclasses make one service call per action."""

    lookup_field = "uuid"
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        """Return the caller, with the limits of the credential that the call came with."""
        actor: Actor | None = self.request.auth
        if actor is None:
            raise AuthenticationRequired("Authentication is required.")
        return actor
