"""Bodies whose length nobody tells beforehand: sent in chunks, or over HTTP/2.

WSGI knows them by ``wsgi.input_terminated``, Django does not and reads nothing. Java's HTTP client
sends whatever it compresses like that, so the events of Spark and Flink come in this way.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Environ = dict[str, Any]
    Application = Callable[[Environ, Any], Iterable[bytes]]

BODILESS = ("GET", "HEAD", "OPTIONS", "TRACE")
CHUNK = 64 * 1024


def with_lengths(application: Application) -> Application:
    """Return ``application`` so that it hears how long every body is.

    A body without a length is read before, up to one byte over ``settings.MAX_BODY_BYTES``: that
    one is refused like any other that is too long. What is streamed still has to tell its length.
    """

    def measured(environ: Environ, start_response: Any) -> Iterable[bytes]:
        if _is_unmeasured(environ):
            body = _read(environ["wsgi.input"], settings.MAX_BODY_BYTES + 1)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = BytesIO(body)
        return application(environ, start_response)

    return measured


def _is_unmeasured(environ: Environ) -> bool:
    method = environ.get("REQUEST_METHOD", "GET")
    return (
        bool(environ.get("wsgi.input_terminated"))
        and not environ.get("CONTENT_LENGTH")
        and method not in BODILESS
        and streaming_limit(method, environ.get("PATH_INFO", "")) is None
    )


def _read(source: Any, limit: int) -> bytes:
    parts: list[bytes] = []
    left = limit
    while left and (part := source.read(min(left, CHUNK))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def streaming_limit(method: str, path: str) -> int | None:
    """Return how long a body may be that is streamed and never held, None for any other."""
    if method == "PUT":
        for pattern, limit in settings.STREAMED_BODIES:
            if re.match(pattern, path):
                return int(limit)
    return None
