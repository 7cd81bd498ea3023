"""Holds: what they keep, who places them, and who may release them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.utils import timezone

from audits.models import ReportFile
from audits.services import holds
from core.actors import system
from core.errors import AccessDenied, Conflict
from core.models import Task
from registry.services import collection, deletion
from registry.services.serving import samples
from tests.audits.estate import journalled
from tests.audits.trail.test_retention import apply, old_report, old_task, rule
from tests.factories import (
    administrator,
    make_admin,
    make_model,
    make_prompt,
    make_upload,
    reference,
)
from tests.registry.deployments.test_serving import NOON

if TYPE_CHECKING:
    from pathlib import Path

    from tests.audits.conftest import House
    from tests.registry.deployments.conftest import Site

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


def test_a_hold_stops_the_clean_ups_of_the_registry_too(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "BLOBS_URL", (tmp_path / "blobs").as_uri())
    told: Any = {
        "external_id": "request-1",
        "version": site.version.digest,
        "occurred_at": NOON,
        "retain_until": timezone.now() + timedelta(days=1),
        "input_text": "a question",
        "has_personal_data": False,
    }
    samples.collect(
        actor=site.deployer, deployment=site.deployment.uuid, source="gateway", samples=[told]
    )
    place = site.team.prod
    upload = make_upload(place, b"deleted")
    version = make_model(place, artifacts=[{"path": "w", "upload": upload.uuid}])
    deletion.delete_version(actor=administrator(), version=reference(version), reason="old")
    hold = holds.place(
        actor=administrator(), scope="workspace", target=place.slug, reason="Case 4711"
    )
    later = timezone.now() + timedelta(days=30)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert samples.purge_some(later) == 0
    assert collection.collect(actor=system()).claims_released == 0

    holds.release(actor=make_admin(), hold=hold.uuid, reason="The case is closed.")

    assert samples.purge_some(later) == 1
    assert collection.collect(actor=system()).claims_released == 1
