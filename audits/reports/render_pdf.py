"""The report as PDF: a summary that a person reads, by WeasyPrint, and an annex with the results in
bulk, by ReportLab. Both are the optional part ``pdf`` and are imported where they are used.

Layout costs seconds for some hundred rows, so that what is printed is bounded: the summary to 30
pages, the annex to 5,000 rows, the worst first. Nothing in them depends on when or where they are
made but the fonts that the machine has.
"""

from __future__ import annotations

import hashlib
import io
import logging
from typing import TYPE_CHECKING, Any, NoReturn

from audits.reports.moments import when
from audits.reports.render_html import document
from audits.reports.shown import loud_count, quiet, worst
from core.errors import Unavailable

if TYPE_CHECKING:
    from audits.reports.assessment import Assessment, PolicyReport, Result

MAX_PAGES, MAX_ROWS = 30, 5_000
# Rows of each table of the summary: fewer and fewer, until it has few enough pages.
TRIES = (80, 30, 10)
INSTALL = "`python3 manage.py up --extras` installs it"
HEADINGS = ("Workspace", "Subject", "Policy", "Severity", "State", "Reasons", "Decision")
WIDTHS = (22, 68, 42, 14, 17, 58, 48)  # millimetres of a landscape A4


def render(assessment: Assessment) -> bytes:
    """Return the summary; raises Unavailable where WeasyPrint or its Pango is missing."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        needs = f"The PDF needs WeasyPrint ({INSTALL}) and Pango, a library of the system"
        raise Unavailable(f"{needs}: {error}") from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells of every step
    found, total = worst(assessment, max(TRIES)), loud_count(assessment)
    for most in TRIES:
        text = document(
            assessment,
            "audits/report_summary.html",
            most=most,
            worst=found[:most],
            worst_left_out=max(total - most, 0),
        )
        laid_out = HTML(string=text, url_fetcher=_fetch_nothing).render()
        if len(laid_out.pages) <= MAX_PAGES:
            break
    identifier = hashlib.sha256(text.encode()).digest()[:16]
    written: bytes = laid_out.copy(laid_out.pages[:MAX_PAGES]).write_pdf(pdf_identifier=identifier)
    return written


def _fetch_nothing(url: str, *args: Any, **options: Any) -> NoReturn:
    raise ValueError(f"a report loads nothing: {url[:80]}")


def render_annex(assessment: Assessment) -> bytes:
    """Return the results as one long table; raises Unavailable where ReportLab is missing."""
    try:
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.lib.units import mm
        from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer
    except ImportError as error:
        raise Unavailable(f"The annex needs ReportLab: {INSTALL}") from error
    file = io.BytesIO()
    template = SimpleDocTemplate(
        file,
        pagesize=landscape(A4),
        leftMargin=14 * mm,
        rightMargin=14 * mm,
        topMargin=16 * mm,
        bottomMargin=14 * mm,
        title=_latin(f"{assessment.title}: results"),
        author=_latin(assessment.tool.instance),
        invariant=1,
    )
    styles, table_style = _styles()
    rows = _rows(assessment)
    cells = [[Paragraph(_latin(each), styles["cell"]) for each in row] for row in rows]
    heads = [Paragraph(each, styles["head"]) for each in HEADINGS]
    table = LongTable(
        [heads, *cells], colWidths=[width * mm for width in WIDTHS], repeatRows=1, style=table_style
    )
    told = _told(assessment, printed=len(rows))
    story = [
        Paragraph(_latin(f"{assessment.title}: results"), styles["title"]),
        Paragraph(_latin(told), styles["cell"]),
        Spacer(1, 4 * mm),
        table,
    ]
    footer = _footer(assessment)
    template.build(story, onFirstPage=footer, onLaterPages=footer)
    return file.getvalue()


def _styles() -> tuple[dict[str, Any], Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import TableStyle

    cell = ParagraphStyle("cell", fontName="Helvetica", fontSize=6.5, leading=8, wordWrap="CJK")
    styles = {
        "cell": cell,
        "head": ParagraphStyle("head", parent=cell, fontName="Helvetica-Bold"),
        "title": ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=14, leading=20),
    }
    line = HexColor("#d0d7de")
    table = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.25, line),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#f6f8fa")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ]
    )
    return styles, table


def _rows(assessment: Assessment) -> list[tuple[str, ...]]:
    """What did not pass, the worst first, then what passed or does not apply: as many as fit."""
    loud = worst(assessment, MAX_ROWS)
    found = [*loud, *quiet(assessment, MAX_ROWS - len(loud))]
    return [_row(policy, result) for policy, result in found]


def _row(policy: PolicyReport, result: Result) -> tuple[str, ...]:
    reasons = "; ".join(each.message for each in result.reasons)
    return (
        result.workspace,
        result.subject,
        f"{policy.name}/{policy.version}",
        policy.severity,
        result.state.replace("_", " "),
        reasons[:600],
        result.evidence.decision,
    )


def _told(assessment: Assessment, *, printed: int) -> str:
    total = assessment.coverage.population
    beyond = f" The other {total - printed} are in the CSV form." if total > printed else ""
    return (
        f"As of {when(assessment.basis.as_of)}; result set {assessment.scan.digest}."
        f" {printed} of {total} results, the worst first.{beyond}"
    )


def _footer(assessment: Assessment) -> Any:
    text = _latin(f"{assessment.tool.instance}, as of {when(assessment.basis.as_of)}")

    def draw(canvas: Any, template: Any) -> None:
        canvas.setFont("Helvetica", 6.5)
        canvas.drawString(template.leftMargin, 20, text)
        right = template.pagesize[0] - template.rightMargin
        canvas.drawRightString(right, 20, f"Page {canvas.getPageNumber()}")

    return draw


def _latin(text: str) -> str:
    """Return ``text`` as mark-up in the characters of the built-in fonts; others are escaped."""
    plain = text.encode("cp1252", "backslashreplace").decode("cp1252")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
