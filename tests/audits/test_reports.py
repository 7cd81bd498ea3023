"""Reports: how they come about, and who may have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.models import Report, Scan
from audits.reports.making import Making
from audits.reports.offered import journal_key
from audits.services import reports
from audits.services.report_bases import Asked
from core.journal import decode
from core.models import JournalEntry, Task
from tests.audits.conftest import finish_tasks
from tests.audits.estate import lived_in, report_of
from tests.policies.estate import assign, make_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.audits.conftest import House

REPORTS = "/api/audits/reports/"


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
    assert client.get(f"{path}download/", {"format": "docx"}).status_code == 400
    assert client.get(REPORTS, {"scan": done["scan"]}).json()["results"] == [done]


def test_a_report_of_a_failed_scan_says_so(house: House) -> None:
    asked = reports.request(actor=house.admin, asked=Asked(workspaces=["audit-dev"]))
    assert asked.scan is not None
    Task.objects.filter(pk=asked.scan.task_id).update(
        state="failed", error="Traceback\nRuntimeError: the disk is full"
    )

    answer = house.client(house.admin).get(f"{REPORTS}{asked.uuid}/").json()

    assert (answer["status"], answer["error"]) == ("failed", "RuntimeError: the disk is full")


def test_a_worker_killed_while_rendering_leaves_one_report(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = lived_in(house)
    asked = reports.request(actor=house.admin, asked=Asked(scan=scan.uuid))
    rendered: list[str] = []
    pieces = Making.pieces

    def dies_at_the_third(making: Making, name: str) -> Iterator[bytes]:
        rendered.append(name)
        if len(rendered) == 3:
            raise KeyboardInterrupt
        return pieces(making, name)

    monkeypatch.setattr(Making, "pieces", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        finish_tasks()
    assert asked.files.count() == 2
    path = f"{REPORTS}{asked.uuid}/"
    client = house.client(house.admin)
    assert client.get(path).json()["files"] == []
    assert client.get(f"{path}download/", {"format": rendered[0]}).status_code == 409
    Task.objects.filter(report=asked).update(lease_until=timezone.now())
    finish_tasks()

    assert sorted(rendered) == sorted([*asked.formats, rendered[2]])
    assert asked.files.count() == len(asked.formats)
    (done,) = JournalEntry.objects.filter(action="audits.report.completed")
    assert decode(done)["data"]["files"] == {
        journal_key(file.format): file.digest for file in asked.files.all()
    }


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
    denied = JournalEntry.objects.filter(action="core.access.denied").values_list("subject")
    assert list(denied) == [(f"report/{report.uuid}",)] * 2
    assert report.scan is not None
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
