"""Translate OPA's protocols into calls of the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse

from core.http.compressed import plain_body
from core.http.parsers import loads
from policies.services.fleet import bundles, logs, status

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.actors import Actor
    from policies.services.fleet.bundles import Served

BUNDLE = "application/gzip"


def signed_bundle(actor: Actor, request: HttpRequest, *, name: str) -> HttpResponse:
    """Answer the signed bundle; signed ones have no deltas."""
    return _served(bundles.bundle(actor=actor, name=name, is_signed=True, known=_known(request)))


def unsigned_bundle(actor: Actor, request: HttpRequest, *, name: str) -> HttpResponse:
    """Answer the unsigned bundle, or its changes where the caller takes those and they are on."""
    served = bundles.bundle(
        actor=actor,
        name=name,
        is_signed=False,
        known=_known(request),
        takes_delta="delta" in _modes(request),
    )
    return _served(served)


def discovery(actor: Actor, request: HttpRequest, *, name: str) -> HttpResponse:
    """Answer the bundle with the caller's configuration."""
    found = bundles.discovery(actor=actor, name=name, is_signed=False, known=_known(request))
    return _served(found)


def signed_discovery(actor: Actor, request: HttpRequest, *, name: str) -> HttpResponse:
    """Answer the same, signed."""
    return _served(bundles.discovery(actor=actor, name=name, is_signed=True, known=_known(request)))


def take_logs(actor: Actor, request: HttpRequest, *, partition: str = "") -> HttpResponse:
    """Take decisions; the answer says that they are stored. OPA's partitions are all one here."""
    logs.take(actor=actor, events=_body(request))
    return HttpResponse(status=204)


def take_status(actor: Actor, request: HttpRequest, *, partition: str = "") -> HttpResponse:
    """Take a status."""
    status.take(actor=actor, status=_body(request))
    return HttpResponse(status=204)


def _served(served: Served) -> HttpResponse:
    if served.body is None:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(served.body, content_type=BUNDLE)
    response.headers["ETag"] = served.etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _known(request: HttpRequest) -> str:
    known: str = request.META.get("HTTP_IF_NONE_MATCH", "")
    return known.strip()


def _modes(request: HttpRequest) -> list[str]:
    """Return the modes of ``Prefer: modes=snapshot,delta`` (RFC 7240)."""
    preferences = request.META.get("HTTP_PREFER", "").split(";")
    pairs = [each.strip().partition("=") for each in preferences]
    found = [value for name, _, value in pairs if name.strip().lower() == "modes"]
    return [mode.strip().lower() for each in found for mode in each.strip('"').split(",")]


def _body(request: HttpRequest) -> Any:
    return loads(plain_body(request, limit=settings.OPA_LOG_MAX_BYTES))
