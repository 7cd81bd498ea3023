"""Writing to the journal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from core.actors import Actor, Via, system
from core.canonical import sha256
from core.events import CATALOGUE, AccessWasDenied, Event
from core.journal import NotInTransaction, decode, is_authentic, publish
from core.models import JournalEntry, JournalPending, PersonalDatum
from tests.factories import make_user


def denied(**fields: Any) -> AccessWasDenied:
    """Some event."""
    return AccessWasDenied(**{"subject": "a/model/b/1", "permission": "view_workspace"} | fields)


class Outside:
    """The connection, as if it had no transaction open."""

    in_atomic_block = False
    vendor = connection.vendor

    def cursor(self) -> Any:
        return connection.cursor()


def test_publishing_outside_a_transaction_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.journal.connection", Outside())

    with pytest.raises(NotInTransaction, match=r"core\.access\.denied"):
        publish(denied(), actor=system())


@pytest.mark.django_db
def test_an_entry_holds_who_did_what_to_which_in_canonical_bytes() -> None:
    user = make_user("the-author")
    actor = Actor(user=user, via=Via.TOKEN, credential="abc", request_id="request-1")

    entry = publish(
        denied(before={"a": 1}, after={"a": 2}, reason="why"),
        actor=actor,
        roles=["reader", "author"],
    )

    body = json.loads(bytes(entry.body))
    assert body == decode(JournalEntry.objects.get(pk=entry.pk))
    assert body["v"] == 1
    assert body["uuid"] == str(entry.uuid)
    assert body["action"] == entry.action == "core.access.denied"
    assert body["outcome"] == entry.outcome == "denied"
    assert body["actor"]["id"] == str(user.uuid)
    assert body["actor"]["credential"] == "abc"
    assert body["actor"]["roles"] == ["author", "reader"]
    assert body["subject"] == {"ref": "a/model/b/1", "digest": None}
    assert (body["before"], body["after"], body["reason"]) == ({"a": 1}, {"a": 2}, "why")
    assert body["request_id"] == entry.request_id == "request-1"
    assert body["data"] == {"permission": "view_workspace"}
    assert JournalPending.objects.filter(entry=entry, refused_at=None).exists()


@pytest.mark.django_db
def test_the_entry_rolls_back_with_the_change() -> None:
    before = JournalEntry.objects.count()

    def fail_after_publishing() -> None:
        with transaction.atomic():
            publish(denied(), actor=system())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_publishing()

    assert JournalEntry.objects.count() == before


@pytest.mark.django_db
def test_a_payload_outside_the_schema_is_refused_with_its_path() -> None:
    with pytest.raises(ValueError, match=r"payload\.after\.score"):
        publish(denied(after={"score": 0.5}), actor=system())


@pytest.mark.django_db
def test_names_stand_in_the_journal_as_salted_commitments_only() -> None:
    user = make_user("maria")
    actor = Actor(user=user, via=Via.SESSION)

    first, second = (publish(denied(), actor=actor) for _ in range(2))

    commitment = decode(first)["actor"]["name"]
    assert b"maria" not in bytes(first.body)
    assert decode(second)["actor"]["name"] == commitment
    datum = PersonalDatum.objects.get(commitment=commitment)
    assert sha256(bytes(datum.salt) + datum.value.encode()) == commitment
    assert datum.value == "maria"


@pytest.mark.django_db
def test_two_people_of_one_name_have_different_commitments() -> None:
    entries = []
    for username in ("one", "two"):
        user = make_user(username)
        user.username = "same"
        entries.append(publish(denied(), actor=Actor(user=user, via=Via.SESSION)))

    assert len({decode(entry)["actor"]["name"] for entry in entries}) == 2


@pytest.mark.django_db
def test_the_code_covers_every_byte_and_depends_on_the_key() -> None:
    entry = publish(denied(), actor=system())

    assert is_authentic(entry)
    with override_settings(JOURNAL_KEY="another key"):
        assert not is_authentic(entry)
    entry.body = bytes(entry.body).replace(b"view_workspace", b"view_workspacf")
    assert not is_authentic(entry)


@pytest.mark.django_db
def test_a_body_and_code_repeated_under_another_id_is_no_entry_of_ours() -> None:
    entry = publish(denied(), actor=system())

    repeated = JournalEntry(uuid=make_user().uuid, body=entry.body, mac=entry.mac)

    assert not is_authentic(repeated)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_an_entry_can_neither_be_changed_nor_deleted(change: str) -> None:
    entry = publish(denied(), actor=system())
    JournalPending.objects.all().delete()
    rows = JournalEntry.objects.filter(pk=entry.pk)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(action="nothing.happened") if change == "update" else rows.delete()

    assert JournalEntry.objects.get(pk=entry.pk).action == "core.access.denied"


def test_two_events_cannot_share_an_action() -> None:
    with pytest.raises(TypeError, match=r"core\.access\.denied"):

        class Imposter(Event):
            action = "core.access.denied"

    assert CATALOGUE["core.access.denied"] is AccessWasDenied


def test_the_catalogue_names_every_event_by_app_noun_and_participle() -> None:
    assert CATALOGUE
    for action in CATALOGUE:
        app, noun, participle = action.split(".")
        assert app.isidentifier()
        assert noun.isidentifier()
        assert participle.isidentifier()
