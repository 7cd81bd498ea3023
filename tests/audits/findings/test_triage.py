"""Who sees to a finding, until when and where: set by those who may, kept, and found again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audits.models import Finding, FindingChange, FindingTriage
from audits.services import triage
from core.errors import InvalidInput
from registry.models import Notification
from tests.audits.estate import journalled, scan
from tests.audits.findings.conftest import tell_consumers
from tests.factories import grant
from tests.policies.estate import CLOSED, OPEN, submit

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from tests.audits.conftest import House

LIST = "/api/audits/findings/"
LATER = timezone.now() + timedelta(days=400)


def address(finding: Finding) -> str:
    return f"{LIST}{finding.uuid}/triage/"


def change(client: APIClient, finding: Finding, tag: str = "*", **changes: Any) -> Any:
    headers = {"If-Match": tag}
    return client.patch(address(finding), changes, format="json", headers=headers)


def listed(client: APIClient, **filters: str) -> list[str]:
    answer = client.get(LIST, filters)
    assert answer.status_code == 200, answer.json()
    return sorted(each["subject"].rpartition(" ")[2] for each in answer.json()["results"])


@pytest.fixture
def auditor(house: House) -> APIClient:
    return house.client(house.member("triager", dev="auditor"))


def test_an_owner_a_date_and_a_ticket_are_set_and_shown(
    house: House, failing: list[Finding], auditor: APIClient
) -> None:
    house.member("mender", dev="reader")
    first = auditor.get(address(failing[0]))
    assert first.json() | {"due_at": ""} == {
        "finding": str(failing[0].uuid),
        "revision": 0,
        "owner": None,
        "due_at": "",
        "due_is_set": False,
        "is_overdue": False,
        "ticket": "",
    }

    answer = change(
        auditor,
        failing[0],
        first["ETag"],
        owner="mender",
        due_at=LATER.isoformat(),
        ticket="https://tracker.example/T-1",
        reason="agreed on Monday",
    )

    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert (told["revision"], told["owner"], told["due_is_set"]) == (1, "mender", True)
    shown = auditor.get(f"{LIST}{failing[0].uuid}/").json()
    assert (shown["owner"], shown["ticket"]) == ("mender", "https://tracker.example/T-1")
    assert shown["due_at"] == told["due_at"]
    kept = FindingChange.objects.filter(finding=failing[0]).order_by("field")
    assert [(row.field, str(row.changed_by), row.reason) for row in kept] == [
        (field, "triager", "agreed on Monday") for field in ("due", "owner", "ticket")
    ]
    for name in ("assigned", "due", "ticketed"):
        (entry,) = journalled(f"audits.finding.{name}")
        assert f"finding/{failing[0].uuid}" in bytes(entry.body).decode()


def test_who_read_another_state_changes_nothing(failing: list[Finding], auditor: APIClient) -> None:
    old = auditor.get(address(failing[0]))["ETag"]
    change(auditor, failing[0], old, ticket="https://tracker.example/1")

    answer = change(auditor, failing[0], old, ticket="https://tracker.example/2")
    without = auditor.patch(address(failing[0]), {"ticket": ""}, format="json")

    assert (answer.status_code, without.status_code) == (412, 428)
    assert FindingTriage.objects.get().ticket == "https://tracker.example/1"
    assert FindingChange.objects.count() == 1


def test_the_same_once_more_leaves_no_trace(failing: list[Finding], auditor: APIClient) -> None:
    for _ in range(2):
        change(auditor, failing[0], ticket="https://tracker.example/1")

    assert FindingChange.objects.count() == len(journalled("audits.finding.ticketed")) == 1
    assert FindingTriage.objects.get().revision == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "owner"),
        ({"owner": "nobody-there"}, "owner"),
        ({"due_at": "2020-01-01T00:00:00Z"}, "due_at"),
        ({"due_at": "2099-01-01T00:00:00Z"}, "due_at"),
        ({"ticket": "javascript:alert(1)"}, "ticket"),
        ({"ticket": "T-1"}, "ticket"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    failing: list[Finding], auditor: APIClient, changes: dict[str, Any], field: str
) -> None:
    answer = change(auditor, failing[0], **changes)

    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert not FindingTriage.objects.exists()


def test_who_cannot_see_the_workspace_owns_nothing_there(
    house: House, failing: list[Finding], auditor: APIClient
) -> None:
    house.member("elsewhere", prod="admin")

    assert change(auditor, failing[0], owner="elsewhere").status_code == 400


def test_readers_and_strangers_do_not_triage(house: House, failing: list[Finding]) -> None:
    reader = house.client(house.member("only-reads", dev="reader"))
    stranger = house.client(house.member("stranger", prod="admin"))

    assert change(reader, failing[0], ticket="").status_code == 403
    assert change(stranger, failing[0], ticket="").status_code == 404
    bulk = {"findings": [str(failing[0].uuid)], "ticket": ""}
    assert reader.post(f"{LIST}triage/", bulk, format="json").status_code == 403
    assert stranger.post(f"{LIST}triage/", bulk, format="json").status_code == 400


def test_many_are_changed_together_and_their_owner_is_told_once(
    house: House, failing: list[Finding], auditor: APIClient
) -> None:
    mender = house.member("mender", dev="reader")
    everything = [str(each.uuid) for each in failing]

    answer = auditor.post(
        f"{LIST}triage/", {"findings": everything, "owner": "mender"}, format="json"
    )

    assert answer.status_code == 204
    assert listed(house.client(mender), owner="me") == ["a", "b"]
    tell_consumers()
    told = Notification.objects.filter(user=mender.user)
    assert [(each.action, each.reason) for each in told] == [
        ("audits.finding.assigned", "assignment")
    ]


def test_many_are_changed_all_or_none(
    house: House, failing: list[Finding], auditor: APIClient
) -> None:
    foreign = "019aa000-0000-7000-8000-000000000000"
    everything = [str(failing[0].uuid), foreign]

    answer = auditor.post(
        f"{LIST}triage/",
        {"findings": everything, "ticket": "https://tracker.example/1"},
        format="json",
    )

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "findings[1]"
    assert not FindingTriage.objects.exists()


def test_more_than_two_hundred_at_once_are_too_many(house: House, failing: list[Finding]) -> None:
    with pytest.raises(InvalidInput, match="1 to 200"):
        triage.triage(actor=house.admin, findings=[failing[0].uuid] * 201, changes={"ticket": ""})


def test_findings_are_found_by_what_was_decided(
    house: House, failing: list[Finding], auditor: APIClient
) -> None:
    house.member("mender", dev="reader")
    ticket = "https://tracker.example/1"
    change(auditor, failing[0], owner="mender", ticket=ticket, due_at=LATER.isoformat())

    assert listed(auditor, owner="mender") == listed(auditor, has_owner="true") == ["a"]
    assert listed(auditor, has_owner="false") == listed(auditor, has_ticket="false") == ["b"]
    assert listed(auditor, ticket=ticket) == listed(auditor, has_ticket="true") == ["a"]
    soon = (timezone.now() + timedelta(days=31)).isoformat()
    assert listed(auditor, due_before=soon) == ["b"]
    assert listed(auditor, overdue="true") == []
    assert listed(auditor, control="test/control-1") == ["a", "b"]
    assert listed(auditor, framework="test") == ["a", "b"]
    assert listed(auditor, control="test/control") == listed(auditor, framework="soc2") == []


def test_a_regression_tells_its_owner(
    house: House, failing: list[Finding], auditor: APIClient
) -> None:
    mender = house.member("mender", dev="reader")
    change(auditor, failing[0], owner="mender")
    for document in (CLOSED, OPEN):
        submit(house.dev, document, external_id="a")
        scan(house, "audit-dev")
    tell_consumers()

    told = Notification.objects.filter(user=mender.user, action="audits.finding.reopened")
    assert [each.reason for each in told] == ["owner"]


def test_nothing_is_due_of_what_is_resolved(
    house: House, failing: list[Finding], auditor: APIClient
) -> None:
    submit(house.dev, CLOSED, external_id="a")
    scan(house, "audit-dev")

    assert change(auditor, failing[0], due_at=LATER.isoformat()).status_code == 409


def test_a_change_is_written_for_good(house: House, failing: list[Finding]) -> None:
    triage.triage(
        actor=house.admin,
        findings=[failing[0].uuid],
        changes={"ticket": "https://tracker.example/1"},
    )

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        FindingChange.objects.update(ticket="https://tracker.example/2")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        FindingChange.objects.all()._raw_delete("default")


def test_an_owner_by_a_role_of_a_group_or_later_counts(
    house: House, failing: list[Finding], auditor: APIClient
) -> None:
    late = house.member("late")
    assert change(auditor, failing[0], owner="late").status_code == 400
    grant(late, house.dev, "reader")

    assert change(auditor, failing[0], owner="late").json()["owner"] == "late"
    assert change(auditor, failing[0], owner=None).json()["owner"] is None
