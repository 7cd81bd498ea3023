"""Preconditions of changes: ``ETag`` and ``If-Match`` (RFC 9110 sections 8.8.3 and 13.1.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter

from core.errors import InvalidInput, PreconditionRequired
from core.preconditions import ANY_STATE, Expected

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what you looked at; * to change whatever is there.",
)
TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"\Z')


def if_match(request: Request) -> Expected:
    """Return the states in which the caller wants its change to happen.

    Raises PreconditionRequired (RFC 6585 section 3) without ``If-Match``: a change over a state
    that one has not seen is how two people undo each other's work. ``If-Match: *`` says that the
    caller does not care.
    """
    text = request.headers.get("If-Match", "").strip()
    if not text:
        raise PreconditionRequired(
            "Send If-Match with the ETag of what you looked at, or If-Match: * to change "
            "whatever is there."
        )
    if text == "*":
        return ANY_STATE
    tags = [TAG.match(part.strip()) for part in text.split(",")]
    if not all(tags):
        raise InvalidInput.of("If-Match", 'must be *, or entity tags such as "abc"')
    return frozenset(tag[1] for tag in tags if tag)


def with_tag(response: Response, tag: str) -> Response:
    """Return the response with the tag of the state that it shows."""
    response.headers["ETag"] = f'"{tag}"'
    return response
