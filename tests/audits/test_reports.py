"""Reports: what they say, that the same scan gives the same bytes, and who may have them."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import Report, Scan
from audits.reports.collect import assessment_of
from audits.reports.formats import FORMATS
from audits.services import reports, scans
from core.journal import decode
from core.models import JournalEntry, Task
from core.sequencer import sequence_pending
from registry.services import rules
from registry.services.promotions import decide, request
from tests.audits.conftest import finish_tasks
from tests.factories import make_prompt, reference
from tests.policies.estate import CLOSED, OPEN, assign, exempt, make_policy, submit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.audits.conftest import House

REPORTS = "/api/audits/reports/"


def lived_in(house: House) -> Scan:
    """A complete scan of an estate with one of everything that a report tells of."""
    rule = assign(make_policy(), house.prod, "audit")
    submit(house.prod, CLOSED, external_id="closed")
    submit(house.prod, OPEN, external_id="open")
    snapshot = submit(house.prod, OPEN, external_id="<script>alert('=1+1')</script>")
    owner = house.member("owner", prod="admin")
    exempt(
        rule,
        house.prod,
        asked_by=owner,
        expires_at=timezone.now() + timedelta(days=30),
        resource=snapshot.resource.uuid,
    )
    assign(make_policy("verdict := 5\n", checked=False), house.prod, "warn")
    assign(make_policy(), house.dev, "audit")
    promote(house)
    sequence_pending()
    started = scans.start(actor=house.admin, workspaces=["audit-dev", "audit-prod"])
    finish_tasks()
    done = Scan.objects.get(pk=started.pk)
    assert done.completed_at is not None
    return done


def promote(house: House) -> None:
    """A prompt in production that a second person approved."""
    rules.set_required_approvals(actor=house.admin, workspace="audit-prod", required_approvals=1)
    asked = request.promote(
        actor=house.admin,
        source=reference(make_prompt(house.dev, name="answer")),
        target="audit-prod",
        alias="production",
        reason="T-7",
    )
    approver = house.member("an-approver", prod="approver")
    decide.decide(actor=approver, promotion=asked.uuid, decision="approved", binding=asked.binding)


def report_of(house: House, scan: Scan) -> Report:
    """A completed report by the administrator."""
    asked = reports.request(actor=house.admin, scan=scan.uuid)
    finish_tasks()
    done = Report.objects.select_related("task", "scan__task").get(pk=asked.pk)
    assert done.status == "completed", done.task
    return done


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
    assert set(digests[0]) == {"json", "csv", "html"}


def test_files_are_what_their_digests_and_the_journal_say(house: House) -> None:
    report = report_of(house, lived_in(house))

    event = decode(JournalEntry.objects.get(action="audits.report.completed"))
    for name in FORMATS:
        answer = download(house, report, name)
        digest = f"sha256:{hashlib.sha256(answer.content).hexdigest()}"
        assert event["data"]["files"][name] == digest
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


def test_a_report_of_a_running_scan_waits_for_it(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    client = house.client(house.member("auditor", dev="auditor"))

    asked = client.post(REPORTS, {"workspaces": ["audit-dev"], "formats": ["json"]})
    assert asked.status_code == 202
    waiting = asked.json()
    assert (waiting["status"], waiting["files"]) == ("waiting", [])
    path = f"{REPORTS}{waiting['uuid']}/"
    early = client.get(f"{path}download/", {"format": "json"})
    assert early.status_code == 409
    finish_tasks()

    done = client.get(path).json()
    assert done["status"] == "completed"
    assert [file["format"] for file in done["files"]] == ["json"]
    assert client.get(f"{path}download/", {"format": "json"}).json()["scan"]["uuid"] == done["scan"]
    assert client.get(f"{path}download/", {"format": "csv"}).status_code == 404
    assert client.get(f"{path}download/", {"format": "pdf"}).status_code == 400
    assert client.get(REPORTS, {"scan": done["scan"]}).json()["results"] == [done]


def test_a_report_of_a_failed_scan_says_so(house: House) -> None:
    asked = reports.request(actor=house.admin, workspaces=["audit-dev"])
    Task.objects.filter(pk=asked.scan.task_id).update(
        state="failed", error="Traceback\nRuntimeError: the disk is full"
    )

    answer = house.client(house.admin).get(f"{REPORTS}{asked.uuid}/").json()

    assert (answer["status"], answer["error"]) == ("failed", "RuntimeError: the disk is full")


def test_a_worker_killed_while_rendering_leaves_one_report(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = lived_in(house)
    asked = reports.request(actor=house.admin, scan=scan.uuid)

    def dies(*event: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("audits.services.reports.publish", dies)
    with pytest.raises(KeyboardInterrupt):
        finish_tasks()
    assert not asked.files.exists()
    monkeypatch.undo()
    Task.objects.filter(report=asked).update(lease_until=timezone.now())
    finish_tasks()

    assert asked.files.count() == 3
    assert JournalEntry.objects.filter(action="audits.report.completed").count() == 1


def test_a_report_is_for_those_who_may_scan_all_of_its_workspaces(house: House) -> None:
    report = report_of(house, lived_in(house))
    half = house.client(house.member("half", dev="auditor"))
    whole = house.client(house.member("whole", dev="auditor", prod="auditor"))
    path = f"{REPORTS}{report.uuid}/"

    assert whole.get(path).status_code == 200
    assert whole.get(f"{path}download/", {"format": "html"}).status_code == 200
    assert half.get(REPORTS).json()["results"] == []
    for address in (path, f"{path}download/?format=json"):
        assert half.get(address).status_code == 404
    foreign = half.post(REPORTS, {"scan": str(report.scan.uuid)}).json()
    missing = half.post(REPORTS, {"scan": str(uuid4())}).json()
    assert foreign["errors"][0]["field"] == missing["errors"][0]["field"] == "scan"
    assert foreign["title"] == missing["title"]


@pytest.mark.parametrize(
    "body",
    [{}, {"scan": "x"}, {"workspaces": ["audit-dev"], "scan": str(uuid4())}, {"formats": []}],
)
def test_a_wrong_request_leaves_nothing(house: House, body: dict[str, Any]) -> None:
    answer = house.client(house.admin).post(REPORTS, body)

    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert not Report.objects.exists()
    assert not Scan.objects.exists()


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


def test_a_list_is_a_constant_number_of_queries(house: House) -> None:
    scan = lived_in(house)
    report_of(house, scan)
    client = house.client(house.admin)
    client.get(REPORTS)  # the first use of a token is written down
    with CaptureQueriesContext(connection) as few:
        client.get(REPORTS)
    for _ in range(3):
        report_of(house, scan)

    with CaptureQueriesContext(connection) as many:
        assert len(client.get(REPORTS).json()["results"]) == 4

    assert len(many) == len(few)
