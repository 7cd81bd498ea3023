"""The trail by its words, by roles, credentials and evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.consumer import TrailConsumer
from audits.models import TrailText
from core.consumers import drain
from core.models import ConsumerCursor, PersonalDatum
from core.sequencer import sequence_pending
from registry.services import lifecycle, versions
from tests.audits.test_trail import export, register, trail

if TYPE_CHECKING:
    from core.actors import Actor
    from tests.audits.conftest import House


def index() -> None:
    """Place what is pending and add its words, as the worker does."""
    sequence_pending()
    while drain(TrailConsumer()):
        pass


def names(entries: list[dict[str, Any]]) -> set[str]:
    return {entry["subject"].rpartition("/prompt/")[2] for entry in entries}


def registered(house: House, actor: Actor, name: str, template: str = "Hello") -> None:
    spec = {"type": "text", "template": template, "variables": {}}
    versions.register(actor=actor, workspace="audit-dev", kind="prompt", name=name, spec=spec)


def test_words_are_found_in_action_subject_and_values_whatever_their_case(house: House) -> None:
    author = house.member("an-author", dev="author")
    registered(house, author, "greeting")
    registered(house, author, "farewell")
    lifecycle.change(
        actor=house.admin,
        version="audit-dev/prompt/greeting/1",
        state="deprecated",
        reason="Nicht höflich genug am Telefon",
    )
    index()
    client = house.client(house.admin)

    for words in (
        "greeting",
        "GREET registered",
        "hoflich telefon",
        "lifecycle Höfl",
        "deprecated",
    ):
        assert names(trail(client, q=words)) == {"greeting/1"}, words
    assert names(trail(client, q="prompt", action="registry.version")) == {
        "greeting/1",
        "farewell/1",
    }
    assert trail(client, q="greeting farewell") == []
    assert trail(client, q="!?") == []


def test_a_name_of_who_acted_is_a_word_until_the_person_is_erased(house: House) -> None:
    registered(house, house.member("ada.lovelace", dev="author"), "engine")
    registered(house, house.member("charles", dev="author"), "mill")
    index()
    client = house.client(house.admin)

    assert names(trail(client, q="lovelace registered")) == {"engine/1"}
    assert names(trail(client, username="charles")) == {"mill/1"}

    PersonalDatum.objects.filter(value="ada.lovelace").delete()

    assert trail(client, q="lovelace registered") == []


def test_words_search_only_what_the_caller_may_read(house: House) -> None:
    author = house.member("an-author", dev="author", prod="author")
    register(author, "audit-dev", "twin")
    register(author, "audit-prod", "twin")
    index()
    auditor = house.client(house.member("dev-auditor", dev="auditor"))

    assert {entry["workspace"] for entry in trail(auditor, q="twin")} == {"audit-dev"}


def test_a_role_means_what_was_done_with_it(house: House) -> None:
    registered(house, house.member("one", dev="author"), "by-author")
    registered(house, house.member("two", dev="admin"), "by-admin")
    index()
    client = house.client(house.admin)

    assert names(trail(client, role="author", action="registry.version")) == {"by-author/1"}
    assert trail(client, role="auth") == []
    assert names(trail(client, q="author", role="admin", action="registry.version")) == set()


def test_evidence_means_entries_that_name_a_digest_or_an_id(house: House) -> None:
    author = house.member("an-author", dev="author")
    registered(house, author, "greeting")
    registered(house, author, "farewell", template="Goodbye")
    index()
    client = house.client(house.admin)
    entry = trail(client, q="greeting")[0]

    assert entry["digest"].startswith("sha256:")
    for asked in (entry["digest"], entry["digest"].removeprefix("sha256:")):
        found = trail(client, evidence=asked)
        assert entry["uuid"] in {each["uuid"] for each in found}
        assert {each["digest"] for each in found} == {entry["digest"]}
    assert trail(client, q=entry["digest"]) == trail(client, evidence=entry["digest"])
    assert trail(client, evidence="sha256:" + "0" * 64) == []
    assert trail(client, evidence="') OR 1") == []


def test_a_token_is_followed_by_its_prefix(house: House) -> None:
    client = house.client(house.member("dev-auditor", dev="auditor"))
    export(client, "ndjson", workspace="audit-dev")
    index()
    admin = house.client(house.admin)
    credential = trail(admin, action="audits.trail.exported")[0]["actor"]["credential"]

    found = trail(admin, credential=credential)

    assert {entry["actor"]["credential"] for entry in found} == {credential}
    assert {entry["action"] for entry in found} == {"audits.trail.exported"}
    assert found == trail(admin, via="token", action="audits.trail.exported")


def test_being_told_twice_is_being_told_once_and_a_rebuild_finds_the_same(house: House) -> None:
    registered(house, house.member("an-author", dev="author"), "greeting")
    client = house.client(house.admin)
    index()
    found, count = trail(client, q="greeting"), TrailText.objects.count()

    ConsumerCursor.objects.filter(consumer=TrailConsumer.name).update(seq=-1)
    index()
    assert TrailText.objects.count() == count
    call_command("rebuild_trail")
    assert trail(client, q="greeting") == []
    index()

    assert trail(client, q="greeting") == found
    assert TrailText.objects.count() == count


def test_an_export_takes_what_the_words_find_whole(house: House) -> None:
    registered(house, house.member("an-author", dev="author"), "greeting")
    index()
    client = house.client(house.admin)

    taken = [json.loads(line) for line in export(client, "ndjson", q="greeting").splitlines()]

    assert taken == trail(client, q="greeting")[::-1]
    assert {"before", "after", "data", "reason", "actor"} <= taken[0].keys()
    assert b",via,credential," in export(client, "csv", q="greeting")


def test_pages_stay_as_they_are_while_entries_arrive(house: House) -> None:
    author = house.member("an-author", dev="author")
    for number in range(5):
        registered(house, author, f"greeting-{number}")
    index()
    client = house.client(house.admin)
    everything = [entry["uuid"] for entry in trail(client, q="greeting")]
    page = client.get("/api/audits/trail/", {"limit": "2", "q": "greeting"}).json()
    collected = [entry["uuid"] for entry in page["results"]]

    while page["next"]:
        registered(house, author, f"greeting-late-{len(collected)}")
        index()
        page = client.get(page["next"]).json()
        collected += [entry["uuid"] for entry in page["results"]]

    assert collected == everything
    assert len(everything) == 5


@pytest.mark.parametrize("near", [1, 7, 1_000])
def test_pages_are_whole_however_few_of_the_newest_are_found(
    house: House, monkeypatch: pytest.MonkeyPatch, near: int
) -> None:
    monkeypatch.setattr("audits.queries.trail_windows.NEAR", near)
    author = house.member("an-author", dev="author")
    for number in range(9):
        registered(house, author, f"greeting-{number}" if number % 3 else f"farewell-{number}")
    index()
    client = house.client(house.member("dev-auditor", dev="auditor"))
    everything = [entry["uuid"] for entry in trail(client, limit="200", q="registered")]
    wanted = [entry["uuid"] for entry in trail(client, limit="200", q="greeting registered")]

    page = client.get("/api/audits/trail/", {"limit": "2", "q": "greeting registered"}).json()
    collected = [entry["uuid"] for entry in page["results"]]
    while page["next"]:
        page = client.get(page["next"]).json()
        collected += [entry["uuid"] for entry in page["results"]]

    assert collected == wanted
    assert len(wanted) == len(set(wanted)) == 6
    assert [uuid for uuid in everything if uuid in wanted] == wanted


def test_a_search_is_a_constant_number_of_queries(house: House) -> None:
    author = house.member("an-author", dev="author")
    registered(house, author, "greeting")
    index()
    client = house.client(house.member("dev-auditor", dev="auditor"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert trail(client, q="greeting author", role="author")
        return len(captured)

    queries()  # the first use of a token is written down
    few = queries()
    for number in range(20):
        registered(house, author, f"greeting-{number}")
    index()

    assert queries() == few
