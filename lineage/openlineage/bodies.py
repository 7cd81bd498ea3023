"""Read what producers send: JSON, maybe compressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings

from core.errors import InvalidInput
from core.http.compressed import plain_body
from core.http.parsers import loads

if TYPE_CHECKING:
    from django.http import HttpRequest

_decode = msgspec.json.Decoder().decode


def body_of(request: HttpRequest) -> Any:
    """Return the JSON value of a request; raises InvalidInput, TooLarge or, for a coding that is
    not known, a failure with status 415."""
    raw = plain_body(request, limit=settings.OPENLINEAGE_MAX_BYTES)
    return _value(raw)


def _value(raw: bytes) -> Any:
    r"""Return the value of JSON text. The fast reader takes ``\u0000``, which PostgreSQL does not,
    and says less of what is wrong: where either may matter, the strict one reads."""
    if b"\\u0000" not in raw:
        try:
            return _decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
    value = loads(raw)
    if b"\\u0000" not in raw:  # the two do not agree
        raise InvalidInput("The body is not JSON.")
    return value
