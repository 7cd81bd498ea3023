"""One address of the protocols: which OPA calls, and the answer to a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import OperationalError
from django.views.decorators.csrf import csrf_exempt

from core.denials import record_denial
from core.errors import DomainError, Unavailable
from core.http import problems
from registry.services import credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

    Handler = Callable[..., HttpResponse]

RETRY_AFTER_SECONDS = 2
BUSY = "The database is busy; send the same again."


def door(method: str, handler: Handler) -> Callable[..., HttpResponse]:
    """Return the view of an address with one method, whose handler makes one call."""

    @csrf_exempt  # no cookie is looked at here, so no other site can use one
    def view(request: HttpRequest, **address: str) -> HttpResponse:
        if request.method != method:
            return _failure(problems.HttpError(405, f"Use {method}."), method)
        actor: Actor | None = None
        try:
            actor = credentials.caller(
                request.META.get("HTTP_AUTHORIZATION", ""),
                request_id=getattr(request, "request_id", ""),
            )
            return handler(actor, request, **address)
        except OperationalError:  # a lock that was not had in time, or a deadlock
            return _failure(Unavailable(BUSY), method)
        except DomainError as error:
            record_denial(error, actor=actor)
            return _failure(error, method)

    view.methods = (method,)  # type: ignore[attr-defined]
    return view


def _failure(error: DomainError, method: str) -> HttpResponse:
    """Return the problem document. An OPA tries again whatever the failure was."""
    response = problems.json_response(error)
    if error.status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    elif error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    elif error.status == 405:
        response.headers["Allow"] = method
    return response
