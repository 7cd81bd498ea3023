"""One address of the protocol: who calls, and the answer to a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import OperationalError
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from core.denials import record_denial
from core.errors import DomainError, Unavailable
from core.http import problems
from registry.services import credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest

    from core.actors import Actor

    Handler = Callable[[Actor, HttpRequest], HttpResponse]

RETRY_AFTER_SECONDS = 2
BUSY = "The database is busy; send the same again."


def door(handlers: Mapping[str, Handler]) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of an address: one handler per method, each of which makes one call."""

    @csrf_exempt  # no cookie is looked at here, so no other site can use one
    def view(request: HttpRequest) -> HttpResponse:
        handler = handlers.get(request.method or "")
        if handler is None:
            return _failure(problems.HttpError(405, f"Use {', '.join(handlers)}."), handlers)
        actor: Actor | None = None
        try:
            actor = credentials.caller(
                request.META.get("HTTP_AUTHORIZATION", ""),
                request_id=getattr(request, "request_id", ""),
            )
            return handler(actor, request)
        except OperationalError:  # a lock that was not had in time, or a deadlock
            return _failure(Unavailable(BUSY), handlers)
        except DomainError as error:
            record_denial(error, actor=actor)
            return _failure(error, handlers)

    view.methods = tuple(handlers)  # type: ignore[attr-defined]
    return view


def _failure(error: DomainError, handlers: Mapping[str, Handler]) -> HttpResponse:
    """Return the problem document. Producers try again after a 503, and after nothing else."""
    response = problems.json_response(error)
    if error.status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    elif error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    elif error.status == 405:
        response.headers["Allow"] = ", ".join(handlers)
    return response
