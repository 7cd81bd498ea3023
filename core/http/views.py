"""What our API views share."""

from __future__ import annotations

from rest_framework.viewsets import GenericViewSet

from core.actors import Actor
from core.errors import AuthenticationRequired


class ActorViewSet(GenericViewSet):  # type: ignore[type-arg]  # each subclass has its own rows
    """A viewset that knows who acts; its subclasses make one service call per action."""

    lookup_field = "uuid"
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        """Return the caller, with the limits of the credential that the call came with."""
        if not isinstance(self.request.auth, Actor):
            raise AuthenticationRequired("Authentication is required.")
        return self.request.auth
