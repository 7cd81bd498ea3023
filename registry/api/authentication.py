"""Who is calling: a token's holder, or the user of a browser session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication

from core.actors import Actor, Via
from core.errors import AuthenticationRequired
from registry.effective_access import current_epoch
from registry.services import tokens

if TYPE_CHECKING:
    from rest_framework.request import Request

    from core.models import User


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer mun_...`` (RFC 6750 section 2.1)."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        """Return user and actor; None without the header, so that the next class is asked."""
        scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        request_id = getattr(request, "request_id", "")
        actor = tokens.authenticate(credential.strip(), request_id=request_id)
        if actor.user is None:
            raise AuthenticationRequired("The token is not known.")
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return "Bearer"


class SessionActorAuthentication(SessionAuthentication):
    """A logged-in browser, with Django's CSRF check on writes."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        """Return user and actor of the session, None for an anonymous visitor."""
        authenticated = super().authenticate(request)
        if authenticated is None:
            return None
        user: User = authenticated[0]
        request_id: str = getattr(request, "request_id", "")
        epoch = current_epoch()
        return user, Actor(user, Via.SESSION, request_id=request_id, access_epoch=epoch)


class TokenScheme(OpenApiAuthenticationExtension):
    """Describes the token in the OpenAPI document."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """Describes the session cookie in the OpenAPI document."""

    target_class = SessionActorAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
