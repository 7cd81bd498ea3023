"""Read bodies that may be compressed, within caps on both sizes."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from django.conf import settings

from core.errors import InvalidInput, TooLarge
from core.http.problems import HttpError

if TYPE_CHECKING:
    from django.http import HttpRequest

GZIP = ("gzip", "x-gzip")
PLAIN = ("", "identity")
AUTO_HEADER = 16 + zlib.MAX_WBITS  # zlib's way to say: with the header of gzip


def plain_body(request: HttpRequest, *, limit: int) -> bytes:
    """Return the body of a request, inflated to at most ``limit`` bytes where it is gzip.

    Raises InvalidInput, TooLarge (also for more than ``settings.MAX_BODY_BYTES`` as sent) or, for
    a coding that is not known, a failure with status 415.
    """
    raw = request.read(settings.MAX_BODY_BYTES + 1)
    if len(raw) > settings.MAX_BODY_BYTES:
        raise TooLarge(f"The body is over the limit of {settings.MAX_BODY_BYTES} bytes.")
    coding = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if coding in GZIP:
        return inflated(raw, limit=limit)
    if coding not in PLAIN:
        raise HttpError(415, f"Content-Encoding is gzip or identity, not {coding[:40]!r}.")
    return raw


def inflated(raw: bytes, *, limit: int) -> bytes:
    """Return what gzip holds; raises InvalidInput, or TooLarge beyond ``limit`` bytes."""
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
