"""Findings: what opens them, what closes them, and who reads them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from audits.models import Finding
from audits.services import scans
from core import tasks
from policies.services import resources
from tests.audits.estate import journalled, scan, states
from tests.policies.estate import (
    CLOSED,
    OPEN,
    assign,
    exempt,
    make_policy,
    submit,
)

if TYPE_CHECKING:
    from tests.audits.conftest import House


def test_a_finding_is_opened_resolved_and_reopened(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    first = scan(house, "audit-dev")
    finding = Finding.objects.get()
    assert (finding.state, finding.severity, finding.regressions) == ("open", "high", 0)
    assert finding.first_seen_at == finding.last_seen_at == first.as_of

    again = scan(house, "audit-dev")
    finding.refresh_from_db()
    assert (finding.state, finding.last_seen_at) == ("open", again.as_of)

    submit(house.dev, CLOSED)
    mended = scan(house, "audit-dev")
    finding.refresh_from_db()
    assert (finding.state, finding.resolution) == ("resolved", "passed")
    assert finding.resolved_at == mended.as_of

    submit(house.dev, OPEN)
    back = scan(house, "audit-dev")
    finding.refresh_from_db()
    assert (finding.state, finding.regressions) == ("open", 1)
    assert finding.resolved_at is None
    assert finding.first_seen_at == first.as_of
    assert finding.latest_result == back.results.get()

    assert Finding.objects.count() == 1
    for name in ("opened", "resolved", "reopened"):
        assert len(journalled(f"audits.finding.{name}")) == 1


def test_not_knowing_any_more_does_not_resolve_a_finding(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    first = scan(house, "audit-dev")
    submit(house.dev, {})

    assert list(states(scan(house, "audit-dev")).values()) == ["unknown"]

    finding = Finding.objects.get()
    assert (finding.state, finding.last_seen_at) == ("open", first.as_of)


def test_a_subject_that_is_gone_resolves_its_finding_as_out_of_scope(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    snapshot = submit(house.dev, OPEN)
    scan(house, "audit-dev")
    resources.retire(actor=house.admin, resource=snapshot.resource.uuid)

    scan(house, "audit-dev")

    finding = Finding.objects.get()
    assert (finding.state, finding.resolution) == ("resolved", "out_of_scope")


def test_an_exemption_that_ends_reopens_what_still_fails(house: House) -> None:
    rule = assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    owner = house.member("owner", dev="admin")
    soon = timezone.now() + timedelta(seconds=1)
    exempt(rule, house.dev, asked_by=owner, expires_at=soon)
    scan(house, "audit-dev")
    assert Finding.objects.get().state == "exempt"

    while timezone.now() <= soon:
        pass
    scan(house, "audit-dev")

    finding = Finding.objects.get()
    assert (finding.state, finding.regressions) == ("open", 0)


def test_a_scan_that_was_overtaken_changes_no_finding(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    early = scans.start(actor=house.admin, workspaces=["audit-dev"])
    submit(house.dev, CLOSED)
    late = scans.start(actor=house.admin, workspaces=["audit-dev"])

    tasks.claim_and_run(task_uuid=late.task.uuid)
    tasks.claim_and_run(task_uuid=early.task.uuid)

    assert list(states(late).values()) == ["pass"]
    assert list(states(early).values()) == ["fail"]
    assert not Finding.objects.exists()


def test_findings_are_read_by_members_of_their_workspace(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    scan(house, "audit-dev")
    reader = house.client(house.member("a-reader", dev="reader"))
    stranger = house.client(house.member("a-stranger", prod="admin"))
    path = "/api/audits/findings/"

    (finding,) = reader.get(path, {"state": "open", "severity": "high"}).json()["results"]

    assert finding["latest"]["reasons"] == [{"msg": "it is open", "path": "properties.public"}]
    assert finding["remediation"] == "Close it."
    assert reader.get(f"{path}{finding['uuid']}/").json() == finding
    assert reader.get(path, {"state": "resolved"}).json()["results"] == []
    assert stranger.get(path).json()["results"] == []
    assert stranger.get(f"{path}{finding['uuid']}/").status_code == 404
