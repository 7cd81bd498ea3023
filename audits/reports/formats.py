"""The formats of a report. A new one is a module that renders it, and a line here."""

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
    from collections.abc import Callable, Iterator

    from audits.reports.assessment import Assessment


@dataclass(frozen=True)
class Format:
    """How an assessment becomes a file; ``is_page`` files are shown, the others are saved.

    ``pieces`` yields the file's bytes bit by bit: large ones are never whole in memory.
    ``suffix`` is what its name ends with where that is not the format's name. ``extra`` names the
    optional part of the product that renders it; such a format is made for who asks for it.
    """

    media_type: str
    pieces: Callable[[Assessment], Iterator[bytes]]
    is_page: bool = False
    suffix: str = ""
    extra: str = ""

    def render(self, assessment: Assessment) -> bytes:
        """Return the whole file."""
        return b"".join(self.pieces(assessment))


def _whole(render: Callable[[Assessment], bytes]) -> Callable[[Assessment], Iterator[bytes]]:
    """A renderer that gives all bytes at once, as one that gives them in pieces: when asked."""

    def pieces(assessment: Assessment) -> Iterator[bytes]:
        yield render(assessment)

    return pieces


FORMATS: dict[str, Format] = {
    "json": Format("application/json", render_json.pieces),
    "csv": Format("text/csv; charset=utf-8; header=present", render_csv.pieces),
    "html": Format("text/html; charset=utf-8", _whole(render_html.render), is_page=True),
    "oscal-results": Format("application/json", results.pieces, suffix=".oscal-results.json"),
    "oscal-poam": Format("application/json", poam.pieces, suffix=".oscal-poam.json"),
    "sarif": Format("application/sarif+json", render_sarif.pieces),
    "junit": Format("application/xml", render_junit.pieces, suffix=".junit.xml"),
    "pdf": Format("application/pdf", _whole(render_pdf.render), extra="pdf"),
    "pdf-annex": Format(
        "application/pdf", _whole(render_pdf.render_annex), suffix=".annex.pdf", extra="pdf"
    ),
}
# What every installation can render, and what is rendered unless others are named.
STANDARD = tuple(name for name, form in FORMATS.items() if not form.extra)
