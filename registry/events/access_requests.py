"""What happens to requests for a role."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AccessRequestEvent(Event):
    """Base of what happens to a request for access; ``subject`` is the workspace."""

    request: str
    requested_by: str
    role: str
    asset: str | None = None


@dataclass(frozen=True, kw_only=True)
class AccessRequested(AccessRequestEvent):
    """Somebody asked for a role in the workspace."""

    action = "registry.access_request.made"


@dataclass(frozen=True, kw_only=True)
class AccessRequestGranted(AccessRequestEvent):
    """The role that was asked for was granted."""

    action = "registry.access_request.granted"


@dataclass(frozen=True, kw_only=True)
class AccessRequestDeclined(AccessRequestEvent):
    """The role that was asked for was not granted, for a reason."""

    action = "registry.access_request.declined"


@dataclass(frozen=True, kw_only=True)
class AccessRequestWithdrawn(AccessRequestEvent):
    """Whoever had asked for the role took the request back."""

    action = "registry.access_request.withdrawn"
