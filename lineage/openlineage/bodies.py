"""Read what producers send: JSON, maybe compressed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings

from core.errors import InvalidInput, TooLarge
from core.http.parsers import loads
from core.http.problems import HttpError

if TYPE_CHECKING:
    from django.http import HttpRequest

GZIP = ("gzip", "x-gzip")
PLAIN = ("", "identity")
AUTO_HEADER = 16 + zlib.MAX_WBITS  # zlib's way to say: with the header of gzip
_decode = msgspec.json.Decoder().decode


def body_of(request: HttpRequest) -> Any:
    """Return the JSON value of a request; raises InvalidInput, TooLarge or, for a coding that is
    not known, a failure with status 415."""
    raw = request.read(settings.MAX_BODY_BYTES + 1)
    if len(raw) > settings.MAX_BODY_BYTES:
        raise TooLarge(f"The body is over the limit of {settings.MAX_BODY_BYTES} bytes.")
    coding = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if coding in GZIP:
        raw = _inflated(raw)
    elif coding not in PLAIN:
        raise HttpError(415, f"Content-Encoding is gzip or identity, not {coding[:40]!r}.")
    return _value(raw)


def _inflated(raw: bytes) -> bytes:
    limit = settings.OPENLINEAGE_MAX_BYTES
    inflater = zlib.decompressobj(AUTO_HEADER)
    try:
        plain = inflater.decompress(raw, limit + 1)
    except zlib.error as error:
        raise InvalidInput(f"The body is not gzip: {error}.") from error
    if len(plain) > limit:
        raise TooLarge(f"The body inflates to more than {limit} bytes.")
    if not inflater.eof:
        raise InvalidInput("The body is not gzip: it ends before its end.")
    return plain


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
