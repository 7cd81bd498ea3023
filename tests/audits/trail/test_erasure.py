"""Erasing a person: who they were goes, what they did stays and proves as before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audits.models import Erasure
from audits.services import erasure, holds
from audits.services.transparency.integration import integrate
from core.actors import system
from core.errors import Conflict, InvalidInput
from core.models import JournalEntry, PersonalDatum, User
from core.sequencer import sequence_pending
from tests.audits.test_trail import register, trail
from tests.audits.trail.test_words import index

if TYPE_CHECKING:
    from pathlib import Path

    from core.actors import Actor
    from tests.audits.conftest import House

ERASURES = "/api/audits/erasures/"
REASON = "Asked for under article 17, letter of 3 May."


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> None:
    settings.LOG_KEY_FILE = tmp_path / "keys" / "log.key"
    settings.LOG_ANCHOR_FILE = tmp_path / "anchors" / "checkpoints.ndjson"


@pytest.fixture
def person(house: House) -> Actor:
    """Somebody with a name, an address and a past."""
    actor = house.member("ada.lovelace", dev="author")
    assert actor.user is not None
    actor.user.first_name, actor.user.last_name = "Ada", "Lovelace"
    actor.user.email = "ada@lovelace.example"
    actor.user.set_password("a long enough word")
    actor.user.save()
    register(actor, "audit-dev", "engine")
    return actor


def sign() -> None:
    sequence_pending()
    while integrate(at_once=True):
        pass


def texts() -> str:
    """Everything that the tables hold, as one text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our tables
            found += [
                bytes(each).decode("utf-8", "replace")
                if isinstance(each, bytes | memoryview)
                else str(each)
                for row in cursor.fetchall()
                for each in row
            ]
    return "\n".join(found).casefold()


def test_an_erased_person_is_nowhere_and_every_proof_holds(house: House, person: Actor) -> None:
    client = house.client(person)
    client.get("/api/registry/assets/")
    sign()
    call_command("verify_audit")
    bodies = list(JournalEntry.objects.order_by("pk").values_list("body", flat=True))
    assert "lovelace" in texts()

    answer = house.client(house.admin).post(ERASURES, {"account": "ada.lovelace", "reason": REASON})

    assert answer.status_code == 201
    assert answer.json()["counts"] == {"names": 1, "tokens": 1, "notifications": 0}
    assert "lovelace" not in texts()
    assert client.get("/api/registry/assets/").status_code == 401
    sign()
    call_command("verify_audit")
    after = JournalEntry.objects.order_by("pk").values_list("body", flat=True)
    assert [bytes(body) for body in after][: len(bodies)] == [bytes(body) for body in bodies]


def test_what_the_person_did_stays_under_the_id(house: House, person: Actor) -> None:
    assert person.user is not None
    erasure.erase(actor=house.admin, account=str(person.user.uuid), reason=REASON)
    index()
    admin = house.client(house.admin)

    did = trail(admin, actor=str(person.user.uuid), action="registry.version.registered")

    assert [entry["actor"]["username"] for entry in did] == [None]
    assert trail(admin, q="lovelace") == trail(admin, username="ada.lovelace") == []
    told = trail(admin, action="audits.person.erased")[0]
    assert told["subject"] == f"user/{person.user.uuid}"
    assert told["reason"] == REASON
    account = User.objects.get(uuid=person.user.uuid)
    assert (account.is_active, account.email, account.first_name) == (False, "", "")
    assert account.username.startswith("erased-")


@pytest.mark.parametrize("scope", ["organisation", "account", "workspace"])
def test_nobody_is_erased_while_in_hold(house: House, person: Actor, scope: str) -> None:
    target = {"organisation": "", "account": "ada.lovelace", "workspace": "audit-dev"}[scope]
    holds.place(actor=house.admin, scope=scope, target=target, reason="Case 4711")

    with pytest.raises(Conflict, match="in hold"):
        erasure.erase(actor=house.admin, account="ada.lovelace", reason=REASON)

    assert PersonalDatum.objects.filter(value="ada.lovelace").exists()
    assert not Erasure.objects.exists()


def test_a_hold_elsewhere_is_no_obstacle(house: House, person: Actor) -> None:
    holds.place(actor=house.admin, scope="workspace", target="audit-prod", reason="Case 4711")

    erasure.erase(actor=house.admin, account="ada.lovelace", reason=REASON)

    assert Erasure.objects.get().account == person.user


def test_only_administrators_erase_and_nobody_themselves(house: House, person: Actor) -> None:
    body = {"account": "ada.lovelace", "reason": REASON}
    auditor = house.client(house.member("auditor", dev="admin", prod="admin"))
    assert auditor.post(ERASURES, body).status_code == 403
    assert auditor.get(ERASURES).json()["results"] == []
    admin = house.client(house.admin)
    assert house.admin.user is not None

    own = admin.post(ERASURES, {**body, "account": house.admin.user.username})
    assert own.status_code == 400
    assert admin.post(ERASURES, {**body, "account": "nobody-of-ours"}).status_code == 400
    named = admin.post(ERASURES, {**body, "reason": "Ada asked."})
    assert named.json()["errors"][0]["field"] == "reason"
    assert admin.post(ERASURES, body).status_code == 201
    again = admin.post(ERASURES, {**body, "account": str(person.uuid)})
    assert again.status_code == 409
    assert len(admin.get(ERASURES).json()["results"]) == 1


def test_the_command_erases_in_an_administrators_name(house: House, person: Actor) -> None:
    assert house.admin.user is not None
    by = house.admin.user.username

    call_command("erase_person", "ada.lovelace", by=by, reason=REASON)

    assert Erasure.objects.get().erased_by == house.admin.user
    for account, who in (("ada.lovelace", by), (by, by), ("ada.lovelace", "nobody")):
        with pytest.raises(CommandError):
            call_command("erase_person", account, by=who, reason=REASON)


def test_the_system_erases_nobody_by_itself(house: House, person: Actor) -> None:
    with pytest.raises(InvalidInput):
        erasure.erase(actor=system(), account="ada.lovelace", reason=REASON)
