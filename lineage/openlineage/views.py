"""Receive one event, or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.http import HttpResponse

from core.errors import FieldError, InvalidInput
from lineage.openlineage.admission import admission
from lineage.openlineage.bodies import body_of
from lineage.services.receiving import receive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from core.actors import Actor
    from lineage.received.validation import Problem
    from lineage.services.receiving import Receipt, Refusal

HEADER = "HTTP_MUNIMENT_WORKSPACE"


def receive_one(actor: Actor, request: HttpRequest) -> HttpResponse:
    """Answer 201, as Marquez does, with the event's warnings; 400 says what is wrong where."""
    with admission.admitted():
        receipt = receive(actor, _workspace(request), [body_of(request)])
    if receipt.refusals:
        raise _invalid(receipt.refusals[0])
    warnings = receipt.warnings.get(0, ())
    return _json({"stored": receipt.stored, "warnings": _plain(warnings)}, status=201)


def receive_batch(actor: Actor, request: HttpRequest) -> HttpResponse:
    """Answer 200 with what became of each event."""
    with admission.admitted():
        body = body_of(request)
        if not isinstance(body, list):
            raise InvalidInput("The body must be an array of events.")
        receipt = receive(actor, _workspace(request), body)
    return _json(_summary(receipt), status=200)


def _workspace(request: HttpRequest) -> str:
    named: str = request.GET.get("workspace", "") or request.META.get(HEADER, "")
    return named


def _invalid(refusal: Refusal) -> InvalidInput:
    errors = [FieldError(item.pointer, item.reason) for item in refusal.problems]
    return InvalidInput(f"The event is no OpenLineage event. {_reason(refusal)}", errors=errors)


def _reason(refusal: Refusal) -> str:
    return "; ".join(f"{item.pointer or '/'}: {item.reason}" for item in refusal.problems[:3])


def _summary(receipt: Receipt) -> dict[str, Any]:
    """Return the answer of OpenLineage.yml, and beside it warnings and what came before."""
    failed = len(receipt.refusals)
    return {
        "status": "partial_success" if failed else "success",
        "summary": {
            "received": receipt.received,
            "successful": receipt.received - failed,
            "failed": failed,
            "retriable": 0,
            "non_retriable": failed,
            "stored": receipt.stored,
            "repeated": receipt.repeated,
        },
        "failed_events": [
            {
                "index": refusal.index,
                "reason": _reason(refusal),
                "retriable": False,
                "problems": _plain(refusal.problems),
            }
            for refusal in receipt.refusals
        ],
        "warnings": [
            {"index": index, "problems": _plain(problems)}
            for index, problems in receipt.warnings.items()
        ],
    }


def _plain(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"pointer": item.pointer, "reason": item.reason} for item in problems]


def _json(content: dict[str, Any], *, status: int) -> HttpResponse:
    body = msgspec.json.encode(content)
    return HttpResponse(body, status=status, content_type="application/json")
