"""Holds: what they keep, who places them, and who may release them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audits.models import ReportFile
from audits.services import holds
from core.errors import AccessDenied, Conflict
from core.models import Task
from tests.audits.estate import journalled
from tests.audits.trail.test_retention import apply, old_report, old_task, rule
from tests.factories import make_admin, make_prompt

if TYPE_CHECKING:
    from tests.audits.conftest import House

HOLDS = "/api/audits/holds/"


@pytest.mark.parametrize("scope", ["organisation", "workspace", "scan", "report"])
def test_what_is_in_hold_stays_until_somebody_else_releases_it(house: House, scope: str) -> None:
    report = old_report(house, "audit-dev")
    rule(house, "report_files")
    target = {
        "organisation": "",
        "workspace": "audit-dev",
        "scan": str(report.scan.uuid),
        "report": str(report.uuid),
    }[scope]
    hold = holds.place(actor=house.admin, scope=scope, target=target, reason="Case 4711")

    assert apply(house)["report_files"] == {"days": 365, "count": 0, "held": 2}
    assert ReportFile.objects.filter(report=report).count() == 2

    with pytest.raises(AccessDenied):
        holds.release(actor=house.admin, hold=hold.uuid, reason="It is over.")
    other = make_admin("another-admin")
    holds.release(actor=other, hold=hold.uuid, reason="The case is closed.")
    with pytest.raises(Conflict):
        holds.release(actor=other, hold=hold.uuid, reason="Again.")

    assert apply(house)["report_files"]["count"] == 2


def test_a_hold_on_an_asset_keeps_the_records_of_its_workspace(house: House) -> None:

    version = make_prompt(house.dev, name="held")
    old_task(workspace=house.dev.uuid)
    old_task(workspace=house.prod.uuid)
    rule(house, "tasks")
    for scope, target in (
        ("asset", "audit-dev/prompt/held"),
        ("version", f"audit-dev/prompt/held/{version.number}"),
    ):
        holds.place(actor=house.admin, scope=scope, target=target, reason="Case 4711")

    assert apply(house)["tasks"] == {"days": 365, "count": 1, "held": 1}
    assert Task.objects.get(name="registry.notify").workspace == house.dev.uuid


def test_an_auditor_places_holds_in_own_workspaces_only(house: House) -> None:
    client = house.client(house.member("dev-auditor", dev="auditor"))
    reader = house.client(house.member("a-reader", dev="reader"))
    body = {"scope": "workspace", "target": "audit-dev", "reason": "Case 4711"}

    placed = client.post(HOLDS, body)

    assert placed.status_code == 201
    assert placed.json()["target"] == "audit-dev"
    assert reader.post(HOLDS, body).status_code == 403
    assert reader.get(HOLDS).json()["results"] == []
    foreign = client.post(HOLDS, {**body, "target": "audit-prod"})
    assert foreign.status_code == 400
    assert client.post(HOLDS, {"scope": "organisation", "reason": "All"}).status_code == 403
    wrong = house.client(house.admin).post(HOLDS, {**body, "scope": "scan", "target": "x"})
    assert wrong.json()["errors"][0]["field"] == "target"
    released = house.client(house.admin).post(
        f"{HOLDS}{placed.json()['uuid']}/release/", {"reason": "Closed."}
    )
    assert released.json()["release_reason"] == "Closed."
    assert [entry.subject for entry in journalled("audits.hold.released")] == [
        f"hold/{placed.json()['uuid']}"
    ]
