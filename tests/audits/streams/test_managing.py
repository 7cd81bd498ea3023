"""Who makes streams, of what shape, and what is on record of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from audits.models import Stream
from core.actors import Actor
from core.models import JournalEntry
from tests.audits.streams.conftest import happen, make, work_off
from tests.factories import make_workspace, token_client

pytestmark = pytest.mark.django_db
URL = "/api/audits/streams/"
SECRET = "Splunk 0e5a-very-secret"


@pytest.fixture
def client(admin: Actor) -> APIClient:
    return token_client(admin)


def body(**given: Any) -> dict[str, Any]:
    return {"name": "siem", "address": "https://siem.example/in?key=hidden", **given}


def told(uuid: str) -> list[dict[str, Any]]:
    rows = JournalEntry.objects.filter(subject=f"stream/{uuid}").order_by("id")
    return [json.loads(bytes(row.body)) for row in rows]


def test_secrets_are_answered_once_and_written_nowhere(client: APIClient) -> None:
    made = client.post(URL, body(headers={"Authorization": SECRET}))
    assert made.status_code == 201, made.json()
    assert made["Cache-Control"] == "no-store"
    key = made.json()["secret"]
    assert key.startswith("whsec_")
    uuid = made.json()["uuid"]

    shown = client.get(f"{URL}{uuid}/").content.decode() + client.get(URL).content.decode()
    stored = bytes(Stream.objects.get().sealed)
    journalled = json.dumps(told(uuid))
    for hidden in (SECRET, key):
        assert hidden not in shown
        assert hidden not in journalled
        assert hidden.encode() not in stored
    assert "siem.example" in journalled
    assert "key=hidden" not in journalled


def test_each_change_is_journalled(client: APIClient) -> None:
    make_workspace("here")
    made = client.post(URL, body(workspaces=["here"])).json()
    uuid = made["uuid"]
    assert made["workspaces"] == ["here"]
    client.patch(f"{URL}{uuid}/", {"batch": 50, "headers": {"X-Token": SECRET}, "reason": "slow"})
    client.post(f"{URL}{uuid}/pause/", {"reason": "maintenance"})
    client.post(f"{URL}{uuid}/resume/", {})
    client.post(f"{URL}{uuid}/test/")
    work_off()
    assert client.post(f"{URL}{uuid}/replay/", {"seq": 0}).status_code == 202
    client.post(f"{URL}{uuid}/retry/")
    assert client.delete(f"{URL}{uuid}/").status_code == 204
    assert client.get(f"{URL}{uuid}/").status_code == 404

    entries = told(uuid)
    verbs = [each["action"].removeprefix("audits.stream.") for each in entries]
    changed = ["changed"] * 3
    assert verbs == ["created", *changed, "tested", "replayed", "retried", "deleted"]
    assert entries[1]["after"]["batch"] == 50
    assert entries[1]["after"]["headers"] == ["X-Token"]
    assert entries[1]["reason"] == "slow"
    assert entries[2]["after"] == {"state": "paused"}
    assert bytes(Stream.objects.get().sealed) == b""


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"address": "siem.example"}, "address"),
        ({"address": "http://siem.example/"}, "address"),
        ({"address": "syslog://siem.example"}, "address"),
        ({"address": "syslog+udp://siem.example:514"}, "address"),
        ({"address": "syslog+tls://siem.example/path"}, "address"),
        ({"address": "https://10.0.0.1/"}, "address"),
        ({"address": "https://169.254.169.254/latest/"}, "address"),
        ({"address": "syslog+tls://[::1]:6514"}, "address"),
        ({"address": "file:///etc/passwd"}, "address"),
        ({"address": "file://../x"}, "address"),
        ({"address": "ftp://siem.example/"}, "address"),
        ({"format": "xml"}, "format"),
        ({"batch": 0}, "batch"),
        ({"workspaces": ["nowhere"]}, "workspaces"),
        ({"actions": ["Registry.*"]}, "actions"),
        ({"outcomes": ["so so"]}, "outcomes"),
        ({"headers": {"Host": "x"}}, "headers"),
        ({"headers": {"X-A": "a\r\nX-B: b"}}, "headers"),
        ({"address": "file://x", "headers": {"X-A": "b"}}, "headers"),
        ({"start": 10_000}, "start"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    client: APIClient, settings: Any, given: dict[str, Any], field: str
) -> None:
    settings.STREAM_PLAIN = False
    settings.STREAM_ALLOWED_NETWORKS = []
    answer = client.post(URL, body(**given))

    assert answer.status_code == 400, answer.json()
    assert field in json.dumps(answer.json()["errors"])
    assert not Stream.objects.exists()


def test_a_name_is_taken_until_its_stream_is_deleted(client: APIClient) -> None:
    uuid = client.post(URL, body()).json()["uuid"]
    assert client.post(URL, body()).status_code == 409
    client.delete(f"{URL}{uuid}/")
    assert client.post(URL, body()).status_code == 201


def test_a_stream_can_begin_with_the_journal(
    client: APIClient, admin: Actor, tmp_path: Any
) -> None:
    happen(admin, 3)
    work_off()
    made = client.post(URL, body(address="file://all.ndjson", start=0)).json()
    assert made["behind"] >= 3
    assert made["oldest_waits_since"] is not None
    work_off()

    lines = (tmp_path / "streams" / "all.ndjson").read_text().splitlines()
    assert json.loads(lines[0])["seq"] == 0
    assert client.get(f"{URL}{made['uuid']}/").json()["behind"] == 0


def test_a_list_costs_as_much_for_many(
    client: APIClient, admin: Actor, django_assert_max_num_queries: Any
) -> None:
    make_workspace("here")
    for number in range(12):
        make(admin, f"file://{number}", name=f"s{number}", workspaces=["here"])
    with django_assert_max_num_queries(8):
        assert len(client.get(URL).json()["results"]) == 12
