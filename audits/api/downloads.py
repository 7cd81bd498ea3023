"""Answers that are files."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse

from audits.reports.offered import form_of
from audits.reports.render_html import content_security_policy
from core.http.security import HEADER

if TYPE_CHECKING:
    from audits.models import ReportFile

TRAIL_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
}


def file_response(file: ReportFile, *, if_none_match: str = "") -> HttpResponse:
    """Return the file, or 304 to whoever has it; a page gets its own content security policy."""
    kind = form_of(file.format)
    etag = f'"{file.digest}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    body = bytes(file.body)
    shown = "inline" if kind.is_page else "attachment"
    name = f"report-{file.report.uuid}{kind.suffix}"
    headers["Content-Disposition"] = f'{shown}; filename="{name}"'
    if kind.is_page:
        headers[HEADER] = content_security_policy(body)
    return HttpResponse(body, content_type=kind.media_type, headers=headers)
