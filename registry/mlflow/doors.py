"""One address of the protocol: who calls, about which workspace, and the answer to a failure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.views.decorators.csrf import csrf_exempt

from core.denials import record_denial
from core.errors import DomainError, InvalidInput
from registry.mlflow import places
from registry.mlflow.wire import MAX_REASON, Arguments, WireError, answer, failure
from registry.models import Workspace
from registry.services import credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from registry.mlflow.places import Place

    Handler = Callable[..., Any]

REASON = "HTTP_X_MUNIMENT_REASON"
UNSAID = "Asked for by an MLflow client, which gave no reason."


@dataclass
class Call:
    """A request of somebody known: ``status`` is that of a success."""

    request: HttpRequest
    actor: Actor
    arguments: Arguments
    status: int = 200

    @property
    def reason(self) -> str:
        """Return why, by the header X-Muniment-Reason: the protocol has no field for it."""
        text: str = self.request.META.get(REASON, "")
        if len(text) > MAX_REASON:
            raise InvalidInput.of("X-Muniment-Reason", f"is longer than {MAX_REASON} characters")
        return text


@dataclass
class WorkspaceCall(Call):
    """A request about one workspace, which the caller may see."""

    place: Place = places.NOWHERE

    @property
    def reason_in_any_case(self) -> str:
        """Return the reason for a verb that always needs one; stock clients can give none.

        Where the workspace requires reasons, silence stays silence, and the verb refuses.
        """
        if given := self.reason:
            return given
        wants = Workspace.objects.values_list("requires_reason", flat=True).get(pk=self.place.pk)
        return "" if wants else UNSAID


def door(
    handlers: Mapping[str, Handler], *, is_workspace_bound: bool = True
) -> Callable[..., HttpResponse]:
    """Return the view of an address: one handler per method, each of which makes one call."""

    @csrf_exempt  # no cookie is looked at here, so no other site can use one
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        actor: Actor | None = None
        try:
            handler = _handler(handlers, request.method or "")
            meta = request.META
            actor = credentials.caller(
                meta.get("HTTP_AUTHORIZATION", ""), request_id=getattr(request, "request_id", "")
            )
            call: Call
            if is_workspace_bound:
                place = places.chosen(actor, meta.get("HTTP_X_MLFLOW_WORKSPACE", ""))
                call = WorkspaceCall(request, actor, Arguments(request), place=place)
            else:
                call = Call(request, actor, Arguments(request))
            content = handler(call, **parts)
        except DomainError as error:
            record_denial(error, actor=actor)
            return failure(error)
        return answer(content, status=call.status)

    view.methods = tuple(handlers)  # type: ignore[attr-defined]
    return view


def _handler(handlers: Mapping[str, Handler], method: str) -> Handler:
    if handler := handlers.get(method):
        return handler
    raise WireError("BAD_REQUEST", 405, f"The address takes {', '.join(handlers)}.")
