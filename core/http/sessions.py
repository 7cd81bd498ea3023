"""The user of a browser session as an actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.actors import Actor, Via

if TYPE_CHECKING:
    from django.http import HttpRequest


def session_actor(request: HttpRequest) -> Actor | None:
    """Return the logged-in user of a page as an actor; None for an anonymous visitor."""
    if not request.user.is_authenticated:
        return None
    request_id: str = getattr(request, "request_id", "")
    return Actor(user=request.user, via=Via.SESSION, request_id=request_id)
