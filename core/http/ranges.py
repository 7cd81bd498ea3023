"""Answer bytes, whole or in part (RFC 9110 section 14)."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest
    from rest_framework.request import Request

    Reader = Callable[[int, int], Iterator[bytes]]

ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*\Z", re.IGNORECASE)
# Whatever a file claims to be, a browser only ever saves it.
HEADERS = {
    "Content-Type": "application/octet-stream",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-cache",
}


class RangeNotSatisfiable(DomainError):
    """The object has no byte of the range."""

    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    slug = "range-not-satisfiable"
    title = "The range is not satisfiable"


def wanted_range(header: str, *, size: int) -> tuple[int, int] | None:
    """Return start and end (exclusive) of the single range that ``header`` asks for.

    None means the whole: no range, several ones, or one that is none (section 14.2 lets a server
    ignore these). Raises RangeNotSatisfiable.
    """
    found = ONE_RANGE.match(header)
    if not found or not (found[1] or found[2]):
        return None
    first, last = found[1], found[2]
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= end:
        raise RangeNotSatisfiable(f"The object has {size} bytes.", extra={"size": size})
    return start, end


def respond(
    request: HttpRequest | Request, read: Reader, *, size: int, etag: str, filename: str
) -> StreamingHttpResponse:
    """Return the response with the bytes that ``request`` asks for.

    ``read(start, end)`` yields bytes; ``etag`` is the strong validator without its quotes. Raises
    RangeNotSatisfiable.
    """
    header = request.headers.get("Range", "")
    condition = request.headers.get("If-Range")
    is_current = condition is None or condition.strip() == f'"{etag}"'
    part = wanted_range(header, size=size) if header and is_current else None
    start, end = part or (0, size)
    response = StreamingHttpResponse(
        _nothing() if request.method == "HEAD" else read(start, end),
        status=HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK,
        headers={**HEADERS, "ETag": f'"{etag}"', "Content-Length": str(end - start)},
    )
    saved_as = content_disposition_header(as_attachment=True, filename=filename)
    response.headers["Content-Disposition"] = saved_as or "attachment"
    if part:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _nothing() -> Iterator[bytes]:
    yield from ()
