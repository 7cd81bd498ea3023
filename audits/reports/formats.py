"""The formats of a report. A new one is a module with ``render`` and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.reports import (
    render_csv,
    render_html,
    render_json,
    render_junit,
    render_pdf,
    render_sarif,
)
from audits.reports.oscal import poam, results

if TYPE_CHECKING:
    from collections.abc import Callable

    from audits.reports.assessment import Assessment


@dataclass(frozen=True)
class Format:
    """How an assessment becomes a file; ``is_page`` files are shown, the others are saved.

    ``suffix`` is what its name ends with where that is not the format's name. ``extra`` names the
    optional part of the product that renders it; such a format is made for who asks for it.
    """

    media_type: str
    render: Callable[[Assessment], bytes]
    is_page: bool = False
    suffix: str = ""
    extra: str = ""


FORMATS: dict[str, Format] = {
    "json": Format("application/json", render_json.render),
    "csv": Format("text/csv; charset=utf-8; header=present", render_csv.render),
    "html": Format("text/html; charset=utf-8", render_html.render, is_page=True),
    "oscal-results": Format("application/json", results.render, suffix=".oscal-results.json"),
    "oscal-poam": Format("application/json", poam.render, suffix=".oscal-poam.json"),
    "sarif": Format("application/sarif+json", render_sarif.render),
    "junit": Format("application/xml", render_junit.render, suffix=".junit.xml"),
    "pdf": Format("application/pdf", render_pdf.render, extra="pdf"),
    "pdf-annex": Format(
        "application/pdf", render_pdf.render_annex, suffix=".annex.pdf", extra="pdf"
    ),
}
# What every installation can render, and what is rendered unless others are named.
STANDARD = tuple(name for name, form in FORMATS.items() if not form.extra)
