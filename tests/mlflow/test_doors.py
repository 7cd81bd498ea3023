"""Who calls, about which workspace."""

from __future__ import annotations

import base64
from collections import OrderedDict

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from core.models import JournalEntry
from registry.models import Workspace
from registry.services import credentials, tokens
from tests.core.test_journal import Outside
from tests.factories import as_actor, grant, make_actor, make_model, make_workspace, member
from tests.mlflow.client import BASE, Wire

GET = f"{BASE}registered-models/search"


def basic(name: str, password: str) -> dict[str, str]:
    text = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


def test_a_token_works_as_bearer_and_as_the_password_of_anybody(place: Workspace) -> None:
    user = member(place, "reader").user
    assert user is not None
    text = tokens.issue(actor=as_actor(user), user=user).text
    headers = (
        {"Authorization": f"Bearer {text}"},
        basic("token", text),
        basic("", text),
        basic(user.username, text),
    )

    assert [Client().get(GET, headers=one).status_code for one in headers] == [200] * 4


def remember(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let credentials be remembered to the end of the test: accounts and epochs of others are as
    this one's."""
    monkeypatch.setattr(credentials, "connection", Outside())
    monkeypatch.setattr(credentials, "_known", OrderedDict())


def test_an_account_works_with_its_password_and_is_named_in_the_journal(place: Workspace) -> None:
    user = member(place, "author", username="ann").user
    assert user is not None
    user.set_password("correct horse")
    user.save()
    client = Client()

    answer = client.post(
        f"{BASE}registered-models/create",
        {"name": "mine"},
        content_type="application/json",
        headers=basic("ann", "correct horse"),
    )

    assert answer.status_code == 200, answer.content
    entry = JournalEntry.objects.get(action="registry.asset.created")
    assert (entry.actor, entry.via) == (user.uuid, "password")
    assert client.get(GET, headers=basic("ann", "wrong")).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Bearer mun_", "Basic", "Basic %%%", "Basic YQ==", "Digest x",
     "Basic " + base64.b64encode(b"a\x00:b").decode(), "Bearer " + "x" * 10_000],
)  # fmt: skip
def test_another_credential_is_answered_401(db: None, header: str) -> None:
    answer = Client().get(GET, headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json()["error_code"] == "UNAUTHENTICATED"
    assert "Basic" in answer.headers["WWW-Authenticate"]


def test_a_password_is_checked_once_and_again_after_it_changed(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = member(place, "reader", username="ann").user
    assert user is not None
    user.set_password("correct horse")
    user.save()
    # Nothing is remembered inside a transaction, where every test runs.
    remember(monkeypatch)
    checked: list[str] = []

    def counted(*, username: str, password: str) -> object:
        checked.append(username)
        return authenticate(username=username, password=password)

    monkeypatch.setattr(credentials, "check_password", counted)
    header = basic("ann", "correct horse")

    assert [Client().get(GET, headers=header).status_code for _ in range(3)] == [200] * 3
    assert checked == ["ann"]
    user.set_password("another")
    user.save()
    assert Client().get(GET, headers=header).status_code == 401


def test_what_is_remembered_of_a_token_ends_with_it(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = member(place, "reader").user
    assert user is not None
    issued = tokens.issue(actor=as_actor(user), user=user)
    remember(monkeypatch)
    header = {"Authorization": f"Bearer {issued.text}"}
    assert Client().get(GET, headers=header).status_code == 200

    tokens.revoke(actor=as_actor(user), token_uuid=issued.token.uuid)

    assert Client().get(GET, headers=header).status_code == 401


def test_without_a_header_it_is_the_only_workspace_or_the_one_called_default(db: None) -> None:
    first = make_workspace("first")
    actor = member(first, "reader")
    make_model(first, name="here")
    wire = Wire(actor)
    assert wire.model("here")["name"] == "here"

    grant(actor, make_workspace("second"), "reader")
    status, code, message = wire.refused("GET", "registered-models/get", name="here")
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    assert "X-MLFLOW-WORKSPACE" in message
    assert Wire(actor, workspaces=["first"]).model("here")["name"] == "here"

    default = make_workspace("default")
    make_model(default, name="there")
    grant(actor, default, "reader")
    assert wire.model("there")["name"] == "there"


def test_somebody_without_any_workspace_is_told_what_is_needed(db: None) -> None:
    wire = Wire(make_actor())

    assert wire.refused("GET", "registered-models/search")[1] == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b'{"name": NaN}', b"\xff", b'{"a":1,"a":2}'])
def test_a_body_that_is_no_json_object_is_refused(author: Wire, body: bytes) -> None:
    answer = author.http.post(
        f"{BASE}registered-models/create",
        body,
        content_type="application/json",
        headers=author.headers,
    )

    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_a_workspace_that_requires_reasons_gets_them_by_header(
    admin: Wire, place: Workspace
) -> None:
    Workspace.objects.filter(pk=place.pk).update(requires_reason=True)
    assert admin.refused("POST", "registered-models/create", name="iris")[0] == 400

    because = {"X-Muniment-Reason": "T-1"}
    admin.ok("POST", "registered-models/create", name="iris", headers=because)
    assert admin.refused("DELETE", "registered-models/delete", name="iris")[0] == 400
    admin.ok("DELETE", "registered-models/delete", name="iris", headers=because)


def test_the_server_tells_what_it_is_to_anybody(db: None) -> None:
    client = Client()

    assert client.get("/version").content == b"3.17.2"
    assert client.get("/api/3.0/mlflow/server-info").json()["workspaces_enabled"] is True
