"""Reports: what they say, and that the same scan gives the same bytes."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.models import Report
from audits.reports.collect import assessment_of
from audits.reports.formats import FORMATS, STANDARD
from audits.reports.offered import journal_key
from audits.services import scans
from core.journal import decode
from core.models import JournalEntry
from tests.audits.conftest import finish_tasks
from tests.audits.estate import lived_in, report_of
from tests.factories import make_prompt
from tests.policies.estate import CLOSED, OPEN, submit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.audits.conftest import House

REPORTS = "/api/audits/reports/"


def download(house: House, report: Report, name: str, **headers: str) -> HttpResponse:
    path = f"{REPORTS}{report.uuid}/download/"
    answer: HttpResponse = house.client(house.admin).get(path, {"format": name}, headers=headers)
    return answer


def told(house: House, report: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(download(house, report, "json").content)
    return document


def test_a_report_counts_honestly(house: House) -> None:
    document = told(house, report_of(house, lived_in(house)))

    coverage = document["coverage"]
    assert coverage["population"] == 7
    assert coverage["by_state"] == {
        "fail": 1,
        "conflict": 0,
        "error": 3,
        "unknown": 1,
        "exempt": 1,
        "pass": 1,
        "not_applicable": 0,
    }
    assert coverage["not_evaluated"] == 1
    assert coverage["percent_passed"] == "14.2"
    assert coverage["percent_passed_or_exempt"] == "28.5"


def test_every_result_leads_to_its_evidence(house: House) -> None:
    scan = lived_in(house)
    document = told(house, report_of(house, scan))

    results = [result for policy in document["policies"] for result in policy["results"]]
    stored = {str(row.decision.uuid): row.decision for row in scan.results.select_related()}
    assert len(results) == len(stored)
    for result in results:
        evidence, decision = result["evidence"], stored[result["evidence"]["decision"]]
        assert evidence["input_digest"] == decision.input_id
        body = bytes(decision.input.body)
        assert evidence["input_digest"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        if decision.snapshot:
            assert evidence["snapshot_digest"] == decision.snapshot.digest
            assert evidence["provenance"] == "observed"
    (failed,) = [result for result in results if result["state"] == "fail"]
    assert failed["reasons"] == [{"message": "it is open", "path": "properties.public"}]
    assert failed["first_failed_at"] == document["scan"]["as_of"]


def test_a_report_tells_scope_controls_exceptions_and_inventory(house: House) -> None:
    scan = lived_in(house)
    document = told(house, report_of(house, scan))

    assert document["scan"]["uuid"] == str(scan.uuid)
    assert document["scan"]["digest"] == scan.digest
    assert document["scan"]["journal_head"] == scan.journal_head is not None
    assert [place["slug"] for place in document["scan"]["workspaces"]] == [
        "audit-dev",
        "audit-prod",
    ]
    (control,) = document["controls"]
    assert (control["reference"], control["verdict"]) == ("test/control-1", "fail")
    assert len(control["policies"]) == 3
    (exception,) = document["exceptions"]
    assert exception["category"] == "waiver"
    assert exception["requested_by"]["username"] == "owner"
    assert exception["approved_by"]["username"] == "the-administrator"
    assert exception["results_covered"] == 1
    (item,) = document["inventory"]
    assert item["reference"] == "audit-prod/prompt/answer@production"
    assert item["version"] == "audit-prod/prompt/answer/1"
    assert [approval["by"]["username"] for approval in item["approvals"]] == ["an-approver"]
    assert item["provenance_digest"].startswith("sha256:")


def test_the_same_scan_gives_the_same_bytes(house: House) -> None:
    scan = lived_in(house)
    first = report_of(house, scan)
    submit(house.prod, CLOSED, external_id="open")
    make_prompt(house.prod, name="late", aliases=["production"])
    scans.start(actor=house.admin)
    finish_tasks()

    second = report_of(house, scan)

    digests = [dict(report.files.values_list("format", "digest")) for report in (first, second)]
    assert digests[0] == digests[1]
    assert set(digests[0]) == set(STANDARD)


def test_files_are_what_their_digests_and_the_journal_say(house: House) -> None:
    report = report_of(house, lived_in(house))

    event = decode(JournalEntry.objects.get(action="audits.report.completed"))
    for name in STANDARD:
        answer = download(house, report, name)
        digest = f"sha256:{hashlib.sha256(answer.content).hexdigest()}"
        assert event["data"]["files"][journal_key(name)] == digest
        assert answer.headers["ETag"] == f'"{digest}"'
        assert answer.headers["Content-Type"] == FORMATS[name].media_type
        again = download(house, report, name, if_none_match=answer.headers["ETag"])
        assert (again.status_code, again.content) == (304, b"")


def test_csv_has_a_row_per_result_and_no_formulas(house: House) -> None:
    scan = lived_in(house)
    submit(house.dev, OPEN, external_id="x", kind="Acme.MachineLearning/workspaces")
    report = report_of(house, scan)

    answer = download(house, report, "csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == scan.results.count()
    assert {row["state"] for row in rows} == {"pass", "fail", "error", "unknown", "exempt"}
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_html_runs_and_loads_nothing(house: House) -> None:
    answer = download(house, report_of(house, lived_in(house)), "html")
    page = answer.content.decode()

    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    for policy in (
        answer.headers["Content-Security-Policy"],
        re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[0],
    ):
        rules_of_policy = policy.replace("&#x27;", "'")
        assert rules_of_policy.startswith("default-src 'none'; style-src 'sha256-")
        assert f"'sha256-{digest}'" in rules_of_policy
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_collecting_is_a_constant_number_of_queries(house: House) -> None:
    scan = lived_in(house)
    with CaptureQueriesContext(connection) as few:
        assessment_of(scan)
    for number in range(5):
        submit(house.prod, OPEN, external_id=f"more-{number}")
    bigger = scans.start(actor=house.admin, workspaces=["audit-dev", "audit-prod"])
    finish_tasks()
    bigger.refresh_from_db()

    with CaptureQueriesContext(connection) as many:
        assert assessment_of(bigger).coverage.population > 7

    assert len(many) == len(few)
