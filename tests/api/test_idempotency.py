"""A request that is sent twice with one key takes effect once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from core import idempotency
from core.models import IdempotentRequest, JournalEntry
from registry.models import AssetVersion, Workspace
from registry.permissions import Permission
from tests.factories import MODEL_SPEC, grant, make_workspace, member, token_client

pytestmark = pytest.mark.django_db

VERSIONS = "/api/registry/versions/"


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("ci")


@pytest.fixture
def client(workspace: Workspace) -> APIClient:
    return token_client(member(workspace, "author"))


def register(client: APIClient, *, key: str = "build-17", name: str = "base") -> Any:
    body = {"workspace": "ci", "kind": "model", "name": name, "spec": MODEL_SPEC}
    return client.post(VERSIONS, body, format="json", headers={"Idempotency-Key": key})


def test_the_second_sending_gets_the_first_answer_and_registers_nothing(client: APIClient) -> None:
    first = register(client)

    second = register(client)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert AssetVersion.objects.filter(asset__workspace__slug="ci").count() == 1
    told = JournalEntry.objects.filter(action="registry.version.registered")
    assert told.filter(subject__contains="ci/").count() == 1


def test_another_key_registers_another_version(client: APIClient) -> None:
    assert register(client, key="one").json()["number"] == 1
    assert register(client, key="two").json()["number"] == 2


def test_a_key_may_stand_in_quotes(client: APIClient) -> None:
    register(client, key='"build-17"')

    assert register(client, key="build-17")["Idempotency-Replayed"] == "true"


def test_a_key_with_another_body_is_refused(client: APIClient) -> None:
    register(client)

    answer = register(client, name="another")

    assert answer.status_code == 422
    assert AssetVersion.objects.filter(asset__workspace__slug="ci").count() == 1


def test_a_key_with_another_precondition_is_refused(workspace: Workspace) -> None:
    admin = token_client(member(workspace, "admin"))

    def rename(tag: str) -> Any:
        headers = {"Idempotency-Key": "rename", "If-Match": tag}
        address = "/api/registry/workspaces/ci/"
        return admin.patch(address, {"title": "New"}, format="json", headers=headers)

    assert rename("*").status_code == 200
    assert rename('"another"').status_code == 422


def test_what_had_no_effect_may_be_tried_again_with_its_key(
    client: APIClient, workspace: Workspace
) -> None:
    reader = member(workspace, "reader")
    sender = token_client(reader)
    assert register(sender).status_code == 403
    grant(reader, workspace, "author")

    assert register(sender).status_code == 201


def test_bad_input_is_answered_afresh(client: APIClient) -> None:
    assert register(client, name="a/b").status_code == 400
    assert not IdempotentRequest.objects.exists()


def test_keys_of_different_people_do_not_meet(client: APIClient, workspace: Workspace) -> None:
    register(client)

    assert register(token_client(member(workspace, "author"))).json()["number"] == 2


def test_a_narrower_token_of_the_same_person_gets_no_answer_of_a_wider_one(
    workspace: Workspace,
) -> None:
    author = member(workspace, "author")
    register(token_client(author))
    narrow = token_client(author, scopes=[Permission.VIEW.value])

    assert register(narrow).status_code == 403


def test_a_refused_promotion_is_an_effect_and_is_answered_again(workspace: Workspace) -> None:
    target = make_workspace("live", stage="production")
    deployer = member(workspace, "deployer")
    grant(deployer, workspace, "author")
    grant(deployer, target, "deployer")
    client = token_client(deployer)
    register(client)
    wish = {"source": "ci/model/base/1", "target": "live", "reason": "release 17"}

    answers = [
        client.post(
            "/api/registry/promotions/",
            wish,
            format="json",
            headers={"Idempotency-Key": "release-17"},
        )
        for _ in range(2)
    ]

    assert answers[0].status_code == answers[1].status_code
    assert answers[0].content == answers[1].content
    ended = ("registry.promotion.completed", "registry.promotion.refused")
    assert JournalEntry.objects.filter(action__in=ended).count() == 1


def test_an_effect_whose_answer_was_lost_is_told_and_not_repeated(client: APIClient) -> None:
    with mock.patch("core.idempotency.store_answer"):
        register(client)

    answer = register(client)

    assert answer.status_code == 409
    assert answer.json()["subject"].endswith("ci/model/base/1")
    assert AssetVersion.objects.filter(asset__workspace__slug="ci").count() == 1


def test_a_sending_that_comes_second_in_the_transaction_rolls_back(client: APIClient) -> None:
    register(client)

    with mock.patch("core.http.idempotency._earlier", side_effect=[None, mock.DEFAULT]) as seen:
        seen.return_value = IdempotentRequest.objects.get()
        answer = register(client)

    assert answer["Idempotency-Replayed"] == "true"
    assert AssetVersion.objects.filter(asset__workspace__slug="ci").count() == 1


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "clé"])
def test_a_malformed_key_is_bad_input(client: APIClient, key: str) -> None:
    answer = register(client, key=key)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_old_keys_are_forgotten(client: APIClient) -> None:
    register(client, key="old")
    IdempotentRequest.objects.update(created_at=timezone.now() - timedelta(days=8))
    register(client, key="new")

    assert idempotency.forget() == 1
    assert IdempotentRequest.objects.get().key == "new"
