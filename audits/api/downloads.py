"""Answers that are files."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, StreamingHttpResponse

from audits.reports.offered import form_of
from audits.reports.render_html import content_security_policy
from core.http.security import HEADER
from registry.queries.blobs import store_at_hand

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from audits.models import ReportFile
    from registry.models import Blob

TRAIL_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
}


def file_response(file: ReportFile, *, if_none_match: str = "") -> HttpResponseBase:
    """Return the file, or 304 to whoever has it; a page gets its own content security policy.

    Raises Unavailable where it lies in the store and that is away.
    """
    kind = form_of(file.format)
    etag = f'"{file.digest}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    shown = "inline" if kind.is_page else "attachment"
    name = f"report-{file.report.uuid}{kind.suffix}"
    headers["Content-Disposition"] = f'{shown}; filename="{name}"'
    if file.blob is not None and not kind.is_page:
        with store_at_hand() as store:
            store.size(file.blob.key)  # later than now there is no way to tell of a failure
        headers["Content-Length"] = str(file.size)
        chunks = store.read(file.blob.key)
        return StreamingHttpResponse(chunks, content_type=kind.media_type, headers=headers)
    body = bytes(file.body or b"") if file.blob is None else _whole(file.blob)
    if kind.is_page:
        headers[HEADER] = content_security_policy(body)
    return HttpResponse(body, content_type=kind.media_type, headers=headers)


def _whole(blob: Blob) -> bytes:
    """The bytes of a page, which stays small enough to be shown."""
    with store_at_hand() as store:
        return b"".join(store.read(blob.key))
