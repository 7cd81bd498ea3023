"""Decision logs: each decision once, whole, and without secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from core.canonical import canonical_digest
from core.models import JournalEntry
from policies.models import FleetDecision, OpaInstance
from registry.models import Workspace
from tests.factories import administrator, make_workspace, member, token_client
from tests.policies.fleet.estate import INSTANCE, client_of, event, register, send_logs

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Workspace:
    return make_workspace("fleet-prod", stage="production")


@pytest.fixture
def opa(place: Workspace) -> APIClient:
    return client_of(register(place, name="edge"))


def test_a_decision_is_stored_whole_and_journalled_with_its_batch(opa: APIClient) -> None:
    told = event(masked=["/input/password"], erased=["/input/x"], nd_builtin_cache={"a": {}})

    assert send_logs(opa, [told, event(result=True)]).status_code == 204

    row = FleetDecision.objects.get(decision_id=told["decision_id"])
    assert row.event == told
    assert (row.state, row.path, row.instance_id) == ("fail", "muniment_fleet/verdicts", INSTANCE)
    assert row.decided_at.microsecond == 123456
    assert row.digest == canonical_digest(told)
    body = json.loads(
        bytes(JournalEntry.objects.get(action="policies.fleet_decision.received").body)
    )
    assert (body["data"]["count"], body["data"]["states"]) == (2, {"fail": 1, "other": 1})
    assert OpaInstance.objects.get().last_logs_at is not None


def test_what_is_told_again_changes_nothing(opa: APIClient) -> None:
    first, second = event(), event()
    send_logs(opa, [first])

    assert send_logs(opa, [first, second, second]).status_code == 204

    assert FleetDecision.objects.count() == 2
    assert JournalEntry.objects.filter(action="policies.fleet_decision.received").count() == 2
    send_logs(opa, [first, second])
    assert JournalEntry.objects.filter(action="policies.fleet_decision.received").count() == 2


def test_two_opas_may_have_a_decision_of_one_id(opa: APIClient, place: Workspace) -> None:
    same = event()
    send_logs(opa, [same])
    send_logs(client_of(register(place)), [same])

    assert FleetDecision.objects.count() == 2


def test_secrets_are_taken_out_and_their_places_kept(opa: APIClient) -> None:
    hidden = {"db": {"password": "hunter2 and more"}, "note": "AKIA" + "ABCDEFGHIJKLMNOP"}

    send_logs(opa, [event(input=hidden)])

    row = FleetDecision.objects.get()
    assert row.redacted == ["/input/db/password", "/input/note"]
    assert "hunter2" not in json.dumps(row.event)
    assert "AKIA" not in json.dumps(row.event)


def test_integers_of_64_bits_are_taken(opa: APIClient) -> None:
    send_logs(opa, [event(input={"n": 2**63 - 1, "f": 0.5})])

    assert FleetDecision.objects.get().event["input"] == {"n": str(2**63 - 1), "f": 0.5}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"decision_id": "a"}, None),
        ([1], None),
        ([{"timestamp": "2026-01-01T00:00:00Z"}], "[0].decision_id"),
        ([{"decision_id": "x" * 201, "timestamp": "2026-01-01T00:00:00Z"}], "[0].decision_id"),
        ([{"decision_id": "a", "timestamp": "yesterday"}], "[0].timestamp"),
        ([{"decision_id": "a", "labels": []}], "[0].labels"),
    ],
)
def test_what_is_no_decision_log_is_refused_whole(
    opa: APIClient, body: object, field: str | None
) -> None:
    sent = [event(), *body] if isinstance(body, list) else body
    answer = send_logs(opa, sent)

    assert answer.status_code == 400
    if field is not None:
        assert answer.json()["errors"][0]["field"] == field.replace("[0]", "[1]")
    assert not FleetDecision.objects.exists()


def test_what_inflates_too_far_is_refused(opa: APIClient, settings: Settings) -> None:
    settings.OPA_LOG_MAX_BYTES = 10_000

    assert send_logs(opa, [event(input={"a": "a" * 20_000})]).status_code == 413
    assert send_logs(opa, [event()], path="/opa/logs/partition").status_code == 204


def test_nobody_else_may_tell(place: Workspace) -> None:
    for actor in (administrator(), member(place, "admin")):
        assert send_logs(token_client(actor), [event()]).status_code == 403
    assert send_logs(APIClient(), [event()]).status_code == 401


def test_decisions_are_read_by_those_who_may_read_the_trail(
    opa: APIClient, place: Workspace
) -> None:
    told = [event(), event(result={"state": "pass", "findings": []})]
    send_logs(opa, told)
    auditor, reader = member(place, "auditor"), member(place, "reader")
    path = "/api/policies/fleet-decisions/"

    listed = token_client(auditor).get(path, {"state": "fail", "opa": "edge"}).json()["results"]
    export: Any = token_client(auditor).get(f"{path}export/")
    lines = b"".join(export.streaming_content)

    assert [each["decision_id"] for each in listed] == [told[0]["decision_id"]]
    whole = token_client(auditor).get(f"{path}{listed[0]['uuid']}/").json()
    assert whole["event"] == told[0]
    exported = [json.loads(line)["event"] for line in lines.splitlines()]
    assert exported == told
    entry = JournalEntry.objects.get(action="policies.fleet_decision.exported")
    data = json.loads(bytes(entry.body))["data"]
    assert (data["decisions"], data["filters"]) == (len(told), {})
    assert token_client(reader).get(path).json()["results"] == []
    assert token_client(reader).get(f"{path}{listed[0]['uuid']}/").status_code == 404
