"""Conditional requests: nobody overwrites what they have not seen, nobody fetches it twice."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from registry.models import Workspace
from tests.factories import make_model, make_workspace, member, token_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("shared")


@pytest.fixture
def client(workspace: Workspace) -> APIClient:
    return token_client(member(workspace, "admin"))


def rename(client: APIClient, title: str, **headers: str) -> Any:
    address = "/api/registry/workspaces/shared/"
    return client.patch(address, {"title": title}, format="json", headers=headers)


def seen(client: APIClient) -> str:
    tag: str = client.get("/api/registry/workspaces/shared/")["ETag"]
    return tag


def test_a_change_over_what_one_saw_happens_and_answers_the_next_tag(client: APIClient) -> None:
    answer = rename(client, "New", **{"If-Match": seen(client)})

    assert answer.status_code == 200
    assert answer["ETag"] == seen(client)


def test_a_change_over_what_somebody_else_changed_is_412(client: APIClient) -> None:
    old = seen(client)
    rename(client, "Theirs", **{"If-Match": old})

    answer = rename(client, "Mine", **{"If-Match": old})

    assert answer.status_code == 412
    assert answer.json()["etag"] == seen(client)
    assert Workspace.objects.get(slug="shared").title == "Theirs"


def test_a_change_without_precondition_is_428_and_says_what_to_send(client: APIClient) -> None:
    answer = rename(client, "New")

    assert answer.status_code == 428
    assert "If-Match" in answer.json()["detail"]


def test_any_of_several_tags_will_do_and_a_star_takes_whatever_is_there(client: APIClient) -> None:
    several = f'"another", {seen(client)}'

    assert rename(client, "One", **{"If-Match": several}).status_code == 200
    assert rename(client, "Two", **{"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("text", ["bare", '"open', '"a" "b"', ","])
def test_a_malformed_precondition_is_bad_input(client: APIClient, text: str) -> None:
    answer = rename(client, "New", **{"If-Match": text})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "If-Match"


def test_the_right_is_asked_before_the_state(workspace: Workspace) -> None:
    reader = token_client(member(workspace, "reader"))

    assert rename(reader, "New", **{"If-Match": '"whatever"'}).status_code == 403


def test_what_one_has_already_is_not_sent_again(workspace: Workspace) -> None:
    version = make_model(workspace)
    reader = token_client(member(workspace, "reader"))
    address = f"/api/registry/versions/{version.uuid}/"
    first = reader.get(address)

    second = reader.get(address, headers={"If-None-Match": first["ETag"]})

    assert second.status_code == 304
    assert second.content == b""


def test_a_version_that_got_an_alias_is_sent_again(workspace: Workspace) -> None:
    version = make_model(workspace, name="base")
    author = token_client(member(workspace, "author"))
    address = f"/api/registry/versions/{version.uuid}/"
    tag = author.get(address)["ETag"]
    move = {"asset": "shared/model/base", "alias": "candidate", "to": 1}
    author.post("/api/registry/aliases/", move, format="json")

    assert author.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_foreign_workspace_is_not_told_apart_by_its_tag(client: APIClient) -> None:
    tag = seen(client)
    stranger = token_client(member(make_workspace("far-away"), "reader"))

    answer = stranger.get("/api/registry/workspaces/shared/", headers={"If-None-Match": tag})

    assert answer.status_code == 404
