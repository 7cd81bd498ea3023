"""What every request passes: an id, limits on its input, and errors answered alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.middleware.http import ConditionalGetMiddleware
from django.urls import resolve

from core import ids
from core.denials import record_denial
from core.errors import DomainError, InvalidInput, NotFound, TooLarge
from core.http import fallbacks
from core.http.lengths import streaming_limit
from core.http.sessions import session_actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Next = Callable[[HttpRequest], HttpResponseBase]

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
DIGITS = re.compile(r"[0-9]{1,18}\Z")


class RequestIdMiddleware:
    """Give each request an id: the caller's ``X-Request-Id`` if it is sane, else a new one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.match(given) else str(ids.new_uuid())
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response


class InputLimitsMiddleware:
    """Refuse oversized bodies before they are read, and NUL bytes in paths and queries."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if error := _input_error(request):
            return fallbacks.domain_error(request, error)
        return self.get_response(request)


def _input_error(request: HttpRequest) -> DomainError | None:
    limit = _limit(request)
    length = request.headers.get("Content-Length") or "0"
    if not DIGITS.match(length):
        return InvalidInput("Content-Length is not a number.")
    if int(length) > limit:
        setting = " (MUNIMENT_MAX_BODY_BYTES)" if limit == settings.MAX_BODY_BYTES else ""
        return TooLarge(f"The body has {length} bytes; the limit is {limit}{setting}.")
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return InvalidInput("The address contains a NUL byte.")
    return None


def _limit(request: HttpRequest) -> int:
    """Return how long a body may be; one that is streamed has a limit of its own."""
    limit = streaming_limit(request.method or "", request.path)
    return int(settings.MAX_BODY_BYTES) if limit is None else limit


class ApiConditionalGetMiddleware(ConditionalGetMiddleware):
    """Answer 304 to whoever has what a GET under /api/ would answer (RFC 9110 section 13)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add an ``ETag`` where the view set none, and compare it with ``If-None-Match``."""
        if not request.path.startswith("/api/"):
            return response
        return super().process_response(request, response)


class SessionlessMiddleware:
    """Take requests under ``settings.SESSIONLESS_PATHS`` to their view at once.

    The middleware behind this one keeps sessions, messages and forms, and costs more than such a
    view. A view there identifies its caller by the request alone and answers its own failures.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(settings.SESSIONLESS_PATHS):
            return self.get_response(request)
        match = request.resolver_match = resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response


class DomainErrorMiddleware:
    """Answer a domain error that a page or an admin action raised."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Journal a denial; show the reason on the page that the user came from."""
        if not isinstance(exception, DomainError):
            return None
        record_denial(exception, actor=session_actor(request))
        if request.method == "POST" and not isinstance(exception, NotFound):
            messages.error(request, exception.detail)
            return HttpResponseRedirect(request.get_full_path())
        return fallbacks.domain_error(request, exception)
