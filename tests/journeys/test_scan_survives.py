"""A worker killed in the middle of a scan leaves one complete result."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import MakeService
from tests.journeys.assets import snapshot
from tests.journeys.promotion import Journey
from tests.support.opa import OpaServer
from tests.support.organisation import Organisation
from tests.support.processes import wait_until
from tests.support.redis import RedisServer
from tests.support.service import Service

pytestmark = [
    pytest.mark.slow,
    pytest.mark.faults,
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.opa,
]
RESOURCES = 600
LEASE_AND_SWEEP = 60 + 10


def test_a_celery_worker_killed_mid_scan_leaves_one_complete_result(
    make_service: MakeService,
    redis_server: RedisServer,
    opa_server: OpaServer,
) -> None:
    service = make_service(database="postgres", broker_url=redis_server.url, opa_url=opa_server.url)
    service.start_web()
    service.start_celery()
    journey = Journey(Organisation.found(service))
    journey.assign_policies()
    for number in range(RESOURCES):
        body = snapshot(connection="Approved" if number % 2 else "Pending")
        body["external_id"] += f"-{number}"
        journey.deployer.post("/api/policies/snapshots/", body).expect(201)

    service.processes["celery"].give_way()
    scan = journey.start_scan()
    wait_until(lambda: is_under_way(journey, scan), what="a scan under way")
    service.kill("celery")
    interrupted = journey.auditor.get(f"/api/audits/scans/{scan}/").expect(200).json
    service.restart("celery")
    journey.finish_scan(scan, seconds=LEASE_AND_SWEEP + 180)

    found = results(service, scan)
    assert "the broker is away" not in service.outputs()["web-1"]
    print(f"killed with status {interrupted['status']}; then {found}")
    assert interrupted["status"] == "running"
    assert found["results"] == found["subjects"] == RESOURCES
    assert found["states"] == {"pass": RESOURCES // 2, "fail": RESOURCES // 2}
    assert found["attempts"] == 2
    assert found["completed_entries"] == 1


def is_under_way(journey: Journey, scan: str) -> bool:
    """Tell whether the scan is being done: its questions are asked, or its results written."""
    found = journey.auditor.get(f"/api/audits/scans/{scan}/").expect(200).json
    assert found["status"] in {"queued", "running"}, "the scan ended before it could be hit"
    progress = found["progress"]
    return bool(progress["message"]) and progress["done"] < progress["total"]


def results(service: Service, scan: str) -> dict[str, Any]:
    """Return what the database holds of the scan, read by a process of its own."""
    code = f"from tests.journeys.scan_ledger import show; show('{scan}')"
    printed = service.manage("shell", "--no-imports", "-c", code)
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found
