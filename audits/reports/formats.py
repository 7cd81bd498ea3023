"""The formats of a report. A new one is a module with ``render`` and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.reports import render_csv, render_html, render_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from audits.reports.assessment import Assessment


@dataclass(frozen=True)
class Format:
    """How an assessment becomes a file; ``is_page`` files are shown, the others are saved."""

    media_type: str
    render: Callable[[Assessment], bytes]
    is_page: bool = False


FORMATS: dict[str, Format] = {
    "json": Format("application/json", render_json.render),
    "csv": Format("text/csv; charset=utf-8; header=present", render_csv.render),
    "html": Format("text/html; charset=utf-8", render_html.render, is_page=True),
}
