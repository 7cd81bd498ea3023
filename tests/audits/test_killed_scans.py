"""A worker that is killed in the middle of a scan leaves one complete result set."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from tests.audits.large_estate import PER_WORKSPACE
from tests.support.client import Client
from tests.support.organisation import WORKSPACES, Organisation
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.faults]
SCANS = "/api/audits/scans/"


def run(service: Service, call: str) -> str:
    """Call a function of the large estate inside the installation."""
    code = f"from tests.audits import large_estate; large_estate.{call}()"
    return service.manage("shell", "--no-imports", "-c", code)


def is_amid(client: Client, path: str, *, workspace: int) -> bool:
    """Whether the scan has begun on workspace number ``workspace``, or a later one, and not ended:
    it asks, or writes."""
    scan: dict[str, Any] = client.get(path).expect(200).json
    assert scan["status"] in {"queued", "running"}, "the scan ended before it could be hit"
    progress = scan["progress"]
    begun = bool(progress["message"]) and ": 0 of" not in progress["message"]
    return begun and workspace <= int(progress["done"]) < int(progress["total"])


def test_a_scan_survives_two_killed_workers(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    organisation = Organisation.found(service)
    run(service, "found")
    service.start_web()
    auditor = organisation.client("auditor")
    worker = service.start_worker()
    started = auditor.post("/api/audits/reports/", {"workspaces": list(WORKSPACES)}).expect(202)
    report = f"/api/audits/reports/{started.json['uuid']}/"
    scan = f"{SCANS}{started.json['scan']}/"

    for workspace in (0, 1):
        service.processes[worker].give_way()
        wait_until(
            partial(is_amid, auditor, scan, workspace=workspace),
            what="a scan to hit",
        )
        service.kill(worker)
        assert auditor.get(scan).json["status"] == "running"
        run(service, "let_leases_run_out")
        service.restart(worker)
    wait_until(
        lambda: auditor.get(report).json["status"] == "completed", what="the report", seconds=600
    )

    left = json.loads(run(service, "left"))
    with capsys.disabled():
        print(f"\nkilled 2 workers amid a scan: {json.dumps(left)}")
    assert (left["status"], left["attempts"], left["units"]) == ("completed", 3, len(WORKSPACES))
    assert left["results"] == left["questions"] == sum(left["counts"].values())
    asked = {count for count in left["per_rule"].values() if count}
    assert asked == {PER_WORKSPACE * len(WORKSPACES)}
    assert left["findings"] == left["failures"] > 0
    assert left["completed"] == 1
