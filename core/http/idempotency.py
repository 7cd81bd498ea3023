"""``Idempotency-Key`` on requests that change something."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from core import idempotency
from core.actors import Actor, Claim
from core.canonical import sha256
from core.errors import DomainError, InvalidInput

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response

    from core.models import IdempotentRequest

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255}?)"?\Z')
SAFE = ("GET", "HEAD", "OPTIONS")


class KeyReused(DomainError):
    """The key came with another request before."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    slug = "idempotency-key-reused"
    title = "The idempotency key belongs to another request"


class Answered(Exception):
    """The request took effect before; ``response`` is the answer that it got."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__("answered before")
        self.response = response


def claim_of(request: Request) -> Claim | None:
    """Return the claim that the request's key makes, or None without a key.

    Raises InvalidInput for a malformed key, and for a body that is not JSON: a streamed body is
    not held in memory, and so cannot be told from another one.
    """
    text = request.headers.get(HEADER)
    if text is None or request.method in SAFE:
        return None
    found = KEY.match(text)
    if not found:
        raise InvalidInput.of(HEADER, "must have 1 to 255 visible ASCII characters")
    if request.content_type and not request.content_type.startswith("application/json"):
        raise InvalidInput.of(HEADER, "is taken with JSON bodies only; leave it out here")
    # The state that a change is meant for is part of what is asked.
    condition = request.headers.get("If-Match", "")
    what = f"{request.method} {request.get_full_path()}\n{condition}\n".encode() + request.body
    assert isinstance(request.auth, Actor)  # ``begin`` asks for no other caller's
    return Claim(
        key=found[1],
        fingerprint=sha256(what),
        credential=request.auth.credential,
        nonce=idempotency.new_nonce(),
    )


def begin(request: Request) -> None:
    """Let the caller act under its key; raises Answered for a request that took effect before."""
    if not isinstance(request.auth, Actor) or (claim := claim_of(request)) is None:
        return
    if earlier := _earlier(claim, actor=request.auth):
        raise Answered(_answer(earlier))
    request.auth = replace(request.auth, claim=claim)


def _earlier(claim: Claim, *, actor: Actor) -> IdempotentRequest | None:
    assert actor.user is not None  # authenticated callers are users
    earlier = idempotency.find(claim, user=actor.user)
    if earlier is not None and earlier.fingerprint != claim.fingerprint:
        raise KeyReused("This Idempotency-Key came with another request; use a new one.")
    return earlier


def _answer(earlier: IdempotentRequest) -> HttpResponse:
    """Return the stored answer; raises AlreadyClaimed where there is none (yet)."""
    if earlier.status is None or earlier.body is None:
        raise idempotency.AlreadyClaimed(
            "The request took effect, but its answer is not there (yet): look at its subject.",
            extra={"subject": earlier.entry.subject, "entry": str(earlier.entry.uuid)},
        )
    response = HttpResponse(
        bytes(earlier.body), status=earlier.status, content_type=earlier.content_type
    )
    response.headers[REPLAYED] = "true"
    return response


def answer_instead(error: Exception, request: Request) -> HttpResponseBase | None:
    """Return the stored answer if ``error`` says that the request took effect before."""
    if isinstance(error, Answered):
        return error.response
    if isinstance(error, idempotency.AlreadyClaimed) and isinstance(request.auth, Actor):
        claim = request.auth.claim
        earlier = _earlier(claim, actor=request.auth) if claim else None
        if earlier is not None and earlier.status is not None:
            return _answer(earlier)
    return None


def keep_answer(response: Response, *, claim: Claim) -> None:
    """Store the answer as soon as it is rendered, for whoever sends the request again."""

    def store(rendered: Any) -> None:
        idempotency.store_answer(
            claim,
            status=rendered.status_code,
            content_type=rendered.headers.get("Content-Type", ""),
            body=rendered.content,
        )

    response.add_post_render_callback(store)
