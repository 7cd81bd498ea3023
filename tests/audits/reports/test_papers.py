"""The reports for people: HTML on the screen and on paper, and PDF."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from pypdf import PdfReader

from audits.reports import offered
from audits.reports.formats import FORMATS
from audits.reports.render_pdf import MAX_PAGES, MAX_ROWS
from core.errors import Unavailable
from tests.audits.reports.large import assessment
from tests.support.parts import missing

RENDER_AGAIN = """
import django, hashlib, sys
django.setup()
from audits.reports.formats import FORMATS
from tests.audits.reports.large import assessment
print(hashlib.sha256(FORMATS[sys.argv[1]].render(assessment(20))).hexdigest())
"""


def html(size: int) -> str:
    return FORMATS["html"].render(assessment(size)).decode()


def pdf(name: str, size: int) -> PdfReader:
    try:
        return PdfReader(io.BytesIO(FORMATS[name].render(assessment(size))))
    except Unavailable as error:
        missing(str(error))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_page_has_charts_with_words_and_a_picture_of_lineage() -> None:
    page = html(20)

    assert "<title>2 fail (10.0 %), 2 error (10.0 %), 1 unknown (5.0 %)" in page
    assert page.count('class="chart"') == 3
    assert "Where it came from" in page
    assert "tickets-classifier" in page
    assert not re.search(r'(?:style|onload|xlink:href)="', page)


def test_the_page_tells_how_to_verify_it() -> None:
    page = html(20)

    assert "q6urq6ur" in page
    assert "4230" in page
    assert "muniment.example/journal+1f2e3d4c+AbCdEf" in page
    assert "without this service" in page
    bare = FORMATS["html"].render(replace(assessment(20), checkpoint=None)).decode()
    assert "No signed checkpoint covers the scan" in bare


def test_a_report_of_one_framework_lists_every_gap_with_its_title() -> None:
    whole = assessment(20)
    one = replace(
        whole,
        basis=replace(whole.basis, framework="eu-ai-act"),
        catalogues=tuple(each for each in whole.catalogues if each.name == "eu-ai-act"),
    )

    page = FORMATS["html"].render(one).decode()

    assert "<li><code>eu-ai-act/art-4</code> AI literacy</li>" in page
    assert "<li><code>eu-ai-act/art-4</code>" not in html(20)


def test_a_large_population_is_cut_to_the_worst_and_says_so() -> None:
    page = html(5_000)

    assert len(page) < 1_000_000
    assert page.count("900 more results of this policy, none worse than these, are in the CSV") == 5
    # One in ten fails; the hundred rows that each of these policies has are all failures.
    assert page.count('<span class="state fail">fail</span>') >= 500


def test_the_pdf_is_a_summary_of_at_most_thirty_pages() -> None:
    reader = pdf("pdf", 5_000)

    assert 3 < len(reader.pages) <= MAX_PAGES
    text = words(reader)
    assert "60.0 %" in text
    assert "How to verify this report" in text
    assert f"Page 2 of {len(reader.pages)}" in text
    assert "1920 more, none more severe, are in the annex" in text
    assert str(reader.metadata.title).endswith("2026-11-27 12:00:00 UTC")  # type: ignore[union-attr]


def test_the_annex_has_the_worst_first_and_says_what_it_leaves_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("audits.reports.render_pdf.MAX_ROWS", 30)
    text = words(pdf("pdf-annex", 100))

    assert MAX_ROWS == 5_000
    assert "30 of 100 results, the worst first. The other 70 are in the CSV form." in text
    assert "\\u" not in text
    assert text.index(" fail ") < text.index(" error ")
    assert "assist-prod" in text


def test_letters_that_the_annex_has_no_font_for_are_escaped_not_lost() -> None:
    whole = assessment(20)
    policy = whole.policies[0]
    odd = replace(policy.results[0], subject="モデル <b>&", state="fail")
    changed = replace(whole, policies=(replace(policy, results=(odd,)),))

    try:
        reader = PdfReader(io.BytesIO(FORMATS["pdf-annex"].render(changed)))
    except Unavailable as error:
        missing(str(error))

    assert r"\u30e2\u30c7\u30eb <b>&" in words(reader)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["html", "pdf", "pdf-annex"])
def test_another_process_makes_the_same_bytes(name: str) -> None:
    pdf("pdf", 20)  # skips where there is no Pango

    made = [
        subprocess.run(
            [sys.executable, "-c", RENDER_AGAIN, name], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]

    assert made[0] == made[1] != ""


def test_without_its_optional_part_a_format_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offered, "find_spec", lambda name: None)

    refusal = offered.refusal("pdf", kind=None, is_assessed=True)
    assert "`python3 manage.py up --extras` installs it" in refusal
    assert offered.refusal("html", kind=None, is_assessed=True) == ""
    assert not {"pdf", "pdf-annex"} & set(offered.standard(kind=None, is_assessed=True))
