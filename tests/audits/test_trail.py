"""The trail: who may read what of the journal, how it is found, and how it is taken out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import JournalEntry, PersonalDatum
from core.sequencer import sequence_pending
from registry.services import versions

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from core.actors import Actor
    from tests.audits.conftest import House

TRAIL = "/api/audits/trail/"


def trail(client: APIClient, **query: str) -> list[dict[str, Any]]:
    response = client.get(TRAIL, query)
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def register(actor: Actor, workspace: str, name: str) -> None:
    spec = {"type": "text", "template": "Hello", "variables": {}}
    versions.register(actor=actor, workspace=workspace, kind="prompt", name=name, spec=spec)


def test_an_auditor_reads_the_entries_of_own_workspaces_only(house: House) -> None:
    client = house.client(house.member("dev-auditor", dev="auditor"))
    author = house.member("an-author", dev="author", prod="author")
    register(author, "audit-dev", "here")
    register(author, "audit-prod", "elsewhere")

    found = trail(client)

    assert {entry["workspace"] for entry in found} == {"audit-dev"}
    assert found[0]["action"] == "registry.version.registered"
    assert found[0]["subject"] == "muniment://localhost/audit-dev/prompt/here/1"


def test_a_reader_has_no_trail(house: House) -> None:
    client = house.client(house.member("a-reader", dev="reader"))

    assert trail(client) == []
    assert client.get(TRAIL, {"workspace": "audit-dev"}).status_code == 403


def test_a_foreign_workspace_is_answered_like_a_missing_one(house: House) -> None:
    client = house.client(house.member("dev-auditor", dev="auditor"))

    foreign = client.get(TRAIL, {"workspace": "audit-prod"})
    missing = client.get(TRAIL, {"workspace": "audit-none"})

    assert foreign.status_code == missing.status_code == 400
    assert foreign.json()["detail"].replace("prod", "none") == missing.json()["detail"]


def test_only_an_administrator_of_the_organisation_reads_what_has_no_workspace(
    house: House,
) -> None:
    auditor = house.client(house.member("auditor", dev="auditor", prod="auditor"))
    query = {"action": "registry.token.issued"}

    assert trail(auditor, **query) == []
    issued = trail(house.client(house.admin), **query)
    assert issued
    assert {entry["workspace"] for entry in issued} == {None}


def test_an_entry_tells_who_acted_with_which_roles(house: House) -> None:
    author = house.member("an-author", dev="author")
    register(author, "audit-dev", "greeting")

    entry = trail(house.client(house.admin), action="registry.version.registered")[0]

    assert author.user is not None
    assert entry["actor"] == {
        "uuid": str(author.user.uuid),
        "kind": "human",
        "username": "an-author",
        "roles": ["author"],
        "via": "command",
        "credential": "",
        "on_behalf_of": None,
    }
    assert entry["data"]["name"] == "greeting"


def test_an_erased_person_has_no_name_in_the_trail(house: House) -> None:
    register(house.member("an-author", dev="author"), "audit-dev", "greeting")
    PersonalDatum.objects.filter(value="an-author").delete()

    entry = trail(house.client(house.admin), action="registry.version.registered")[0]

    assert entry["actor"]["username"] is None
    assert entry["actor"]["uuid"]


def test_an_entry_has_its_place_once_it_is_sequenced(house: House) -> None:
    client = house.client(house.admin)
    assert {entry["seq"] for entry in trail(client)} == {None}

    sequence_pending()

    places = [entry["seq"] for entry in trail(client)]
    assert places == sorted(range(len(places)), reverse=True)


def test_filters_narrow_the_trail(house: House) -> None:
    author = house.member("an-author", dev="author", prod="author")
    for place in ("audit-dev", "audit-prod"):
        register(author, place, "one")
        register(author, place, "another")
    client = house.client(house.admin)
    assert author.user is not None

    assert {e["workspace"] for e in trail(client, workspace="audit-prod")} == {"audit-prod"}
    assert len(trail(client, action="registry.version")) == 4
    assert len(trail(client, action="registry.vers")) == 0
    assert len(trail(client, subject="audit-dev/prompt/one")) == 1
    assert len(trail(client, subject="audit-dev/prompt/one/1")) == 1
    assert len(trail(client, subject="muniment://localhost/audit-dev/prompt/one")) == 1
    assert len(trail(client, subject="audit-dev/prompt/on")) == 0
    assert {e["action"] for e in trail(client, actor=str(author.user.uuid))} == {
        "registry.version.registered"
    }
    newest = trail(client)[0]
    assert [e["uuid"] for e in trail(client, since=newest["occurred_at"])] == [newest["uuid"]]
    assert newest["uuid"] not in {e["uuid"] for e in trail(client, until=newest["occurred_at"])}


def test_refused_access_is_found_by_its_outcome(house: House) -> None:
    reader = house.client(house.member("a-reader", dev="reader"))
    reader.get(TRAIL, {"workspace": "audit-dev"}, headers={"X-Request-Id": "the-request"})

    denied = trail(house.client(house.admin), outcome="denied", request_id="the-request")

    assert [entry["action"] for entry in denied] == ["core.access.denied"]
    assert denied[0]["data"] == {"permission": "view_trail"}


def test_a_malformed_filter_is_named(house: House) -> None:
    response = house.client(house.admin).get(TRAIL, {"since": "yesterday", "actor": "me"})

    assert response.status_code == 400
    assert {error["field"] for error in response.json()["errors"]} == {"since", "actor"}


def test_one_entry_comes_with_the_bytes_that_it_stands_on(house: House) -> None:
    client = house.client(house.admin)
    listed = trail(client)[0]

    detail = client.get(f"{TRAIL}{listed['uuid']}/").json()

    stored = JournalEntry.objects.get(uuid=listed["uuid"])
    assert detail["body"].encode() == bytes(stored.body)
    digest = hashlib.sha256(detail["body"].encode()).hexdigest()
    assert detail["body_digest"] == f"sha256:{digest}"
    assert detail["is_authentic"] is True
    assert listed.items() <= detail.items()


def test_an_entry_of_another_workspace_is_not_found(house: House) -> None:
    client = house.client(house.member("dev-auditor", dev="auditor"))
    foreign = JournalEntry.objects.filter(workspace=house.prod.uuid).first()
    assert foreign is not None

    assert client.get(f"{TRAIL}{foreign.uuid}/").status_code == 404

    (denied,) = trail(house.client(house.admin), outcome="denied")
    assert (denied["subject"], denied["workspace"]) == (f"entry/{foreign.uuid}", "audit-prod")


def test_pages_follow_each_other_without_gap_or_repetition(house: House) -> None:
    client = house.client(house.admin)
    everything = [entry["uuid"] for entry in trail(client)]
    page = client.get(TRAIL, {"limit": "2"}).json()
    collected = [entry["uuid"] for entry in page["results"]]

    while page["next"]:
        page = client.get(page["next"]).json()
        collected += [entry["uuid"] for entry in page["results"]]

    assert collected == everything
    assert len(everything) > 4


def test_a_list_is_a_constant_number_of_queries(house: House) -> None:
    author = house.member("an-author", dev="author")
    client = house.client(house.member("dev-auditor", dev="auditor"))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert trail(client)
        return len(captured)

    trail(client)  # the first use of a token is written down
    few = queries()
    for number in range(20):
        register(author, "audit-dev", f"prompt-{number}")

    assert queries() == few


def export(client: APIClient, name: str, **query: str) -> bytes:
    response = client.get(f"{TRAIL}export/", {"format": name, **query})
    assert response.status_code == 200, response.content
    assert response.headers["Content-Disposition"] == f'attachment; filename="trail.{name}"'
    assert hasattr(response, "streaming_content")
    return b"".join(response.streaming_content)


def test_ndjson_holds_the_same_entries_as_the_list_oldest_first(house: House) -> None:
    client = house.client(house.member("dev-auditor", dev="auditor"))
    listed = trail(client)

    taken = [json.loads(line) for line in export(client, "ndjson").splitlines()]

    assert taken == listed[::-1]


def test_csv_holds_a_row_per_entry_and_no_formulas(house: House) -> None:
    author = house.member("an-author", dev="author")
    register(author, "audit-dev", "=HYPERLINK(1)")
    client = house.client(house.admin)

    text = export(client, "csv", action="registry.version").decode()

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["action"] for row in rows] == ["registry.version.registered"]
    assert json.loads(rows[0]["data"])["name"] == "=HYPERLINK(1)"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in rows[0].values())


def test_an_export_is_journalled_and_not_in_itself(house: House) -> None:
    client = house.client(house.member("dev-auditor", dev="auditor"))

    taken = export(client, "ndjson", workspace="audit-dev", action="registry").splitlines()

    event = trail(client, action="audits.trail.exported")[0]
    assert event["data"]["entries"] == len(taken) > 0
    assert event["data"]["filters"] == {"workspace": "audit-dev", "action": "registry"}
    assert event["data"]["last_entry"] == json.loads(taken[-1])["uuid"]
    assert event["data"]["format"] == "ndjson"


def test_an_export_needs_a_known_format(house: House) -> None:
    client = house.client(house.admin)

    for query in ({}, {"format": "xml"}):
        response = client.get(f"{TRAIL}export/", query)

        assert response.status_code == 400
        assert response.json()["errors"][0]["field"] == "format"
