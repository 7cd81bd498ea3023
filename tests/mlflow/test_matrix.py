"""Every route of the protocol, every caller: the status that must come back.

The statuses of a row are in the order of ``CALLERS`` in tests/api/world.py: anonymous, outsider,
reader, author, approver, deployer, auditor, admin (of the workspace), administrator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import resolve
from pytest_django import DjangoDbBlocker

from core.models import JournalEntry
from registry.mlflow.urls import REGISTRY, WORKSPACES
from tests.api.world import CALLERS, World, make_small_world
from tests.factories import token_client
from tests.mlflow.client import BASE
from tests.support.sharing import shared_rows

READ = "401 404 200 200 200 200 200 200 200"
REGISTER = "401 404 403 200 403 403 403 200 200"
EDIT = REGISTER
MOVE = "401 404 403 200 403 200 403 200 200"
DELETE = "401 404 403 403 403 403 403 200 200"
ONE = {"name": "base", "version": "1"}
FREE = {"name": "free", "version": "1"}


class Row(NamedTuple):
    method: str
    route: str
    statuses: str
    content: dict[str, Any]


ROWS = (
    Row("POST", "registered-models/create", REGISTER, {"name": "new"}),
    Row("POST", "registered-models/rename", DELETE, {"name": "base", "new_name": "other"}),
    Row("PATCH", "registered-models/update", EDIT, {"name": "base", "description": "x"}),
    Row("DELETE", "registered-models/delete", DELETE, {"name": "free"}),
    Row("GET", "registered-models/get", READ, {"name": "base"}),
    Row("GET", "registered-models/search", READ, {}),
    Row("POST", "registered-models/get-latest-versions", READ, {"name": "base"}),
    Row("GET", "registered-models/get-latest-versions", READ, {"name": "base"}),
    Row("POST", "registered-models/set-tag", EDIT, {"name": "base", "key": "a", "value": "b"}),
    Row("DELETE", "registered-models/delete-tag", EDIT, {"name": "base", "key": "a"}),
    Row("POST", "registered-models/alias", MOVE, {**ONE, "alias": "best"}),
    Row("DELETE", "registered-models/alias", MOVE, {"name": "base", "alias": "candidate"}),
    Row("GET", "registered-models/alias", READ, {"name": "base", "alias": "candidate"}),
    Row("POST", "model-versions/create", REGISTER, {"name": "base", "source": "s3://a/b"}),
    Row("PATCH", "model-versions/update", EDIT, {**ONE, "description": "x"}),
    Row(
        "POST",
        "model-versions/transition-stage",
        "401 404 403 403 200 403 403 200 200",
        {**FREE, "stage": "Archived"},
    ),
    Row("DELETE", "model-versions/delete", DELETE, FREE),
    Row("GET", "model-versions/get", READ, ONE),
    Row("GET", "model-versions/search", READ, {}),
    Row("GET", "model-versions/get-download-uri", READ, ONE),
    Row("POST", "model-versions/set-tag", EDIT, {**ONE, "key": "a", "value": "b"}),
    Row("DELETE", "model-versions/delete-tag", EDIT, {**ONE, "key": "a"}),
)
PLACES = (
    Row("GET", "workspaces", "401 200 200 200 200 200 200 200 200", {}),
    Row("POST", "workspaces", "401 403 403 403 403 403 403 403 201", {"name": "fresh"}),
    Row("GET", "workspaces/matrix-dev", READ, {}),
    Row(
        "PATCH",
        "workspaces/matrix-dev",
        "401 404 403 403 403 403 403 200 200",
        {"description": "x"},
    ),
    Row("DELETE", "workspaces/matrix-dev", "401 404 501 501 501 501 501 501 501", {}),
)


def furnish() -> World:
    """The organisation, and a model that nothing rests on."""
    made = make_small_world()
    content = {"name": "free", "source": "s3://a/b"}
    for route in ("registered-models/create", "model-versions/create"):
        assert ask(made, "author", Row("POST", route, "", content)).status_code == 200
    return made


@pytest.fixture(scope="module")
def world_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with shared_rows(furnish, django_db_blocker) as made:
        yield made


@pytest.fixture
def world(world_of_module: World, db: None) -> World:
    return world_of_module.copy()


def ask(
    world: World, caller: str, row: Row, *, workspace: str = "matrix-dev", base: str = BASE
) -> Any:
    client, address = world.clients[caller], f"{base}{row.route}"
    headers = {"X-MLFLOW-WORKSPACE": workspace, "X-Request-Id": "the-same"}
    if row.method == "GET":
        return client.get(address, row.content, headers=headers)
    sender = getattr(client, row.method.lower())
    return sender(address, row.content, format="json", headers=headers)


def answers(world: World, row: Row, base: str) -> str:
    """The statuses that the callers get; what a call changed is undone before the next."""
    found = []
    for caller in CALLERS:
        with transaction.atomic():
            answer = ask(world, caller, row, base=base)
            transaction.set_rollback(True)
        found.append(str(answer.status_code))
        assert answer["Content-Type"] == "application/json"
        if answer.status_code >= 400:
            assert set(answer.json()) == {"error_code", "message"}
    return " ".join(found)


def test_every_route_and_method_has_a_row_and_every_row_a_route() -> None:
    served = {(method, route) for route, handlers in REGISTRY.items() for method in handlers}

    assert {(row.method, row.route) for row in ROWS} == served
    assert len(ROWS) == 22
    assert {row.method for row in PLACES} == {
        method for handlers in WORKSPACES.values() for method in handlers
    }


def test_every_caller_is_answered_as_the_matrix_says(world: World) -> None:
    wrong = {}
    for rows, base in ((ROWS, BASE), (PLACES, "/api/3.0/mlflow/")):
        for row in rows:
            if (got := answers(world, row, base)) != row.statuses:
                wrong[f"{row.method} {row.route}"] = f"{got}, not {row.statuses}"

    assert wrong == {}


def test_what_one_may_not_see_is_answered_like_what_is_not_there_and_is_on_record(
    world: World,
) -> None:
    denials = JournalEntry.objects.filter(action="core.access.denied")
    for row in ROWS:
        before = denials.count()
        missing = ask(world, "outsider", row, workspace="matrix-non")
        assert denials.count() == before, row
        foreign = ask(world, "outsider", row)

        assert denials.count() == before + 1, row
        assert foreign.status_code == missing.status_code == 404, row
        told = missing.content.replace(b"matrix-non", b"matrix-dev")
        assert foreign.content == told, row
        assert dict(foreign.headers) == dict(missing.headers), row


def test_every_refused_verb_is_on_record(world: World) -> None:
    denials = JournalEntry.objects.filter(action="core.access.denied", workspace=world.dev.uuid)
    refused = [row for row in ROWS if row.statuses.split()[2] == "403"]
    for row in refused:
        before = denials.count()
        ask(world, "reader", row)
        assert denials.count() == before + 1, row
    assert len(refused) == 14


def test_a_token_does_only_what_it_is_narrowed_to(world: World) -> None:
    author = world.actors["author"]
    world.clients["narrow"] = token_client(author, scopes=["view_workspace"])
    world.clients["elsewhere"] = token_client(author, workspaces=["matrix-prod"])
    create = Row("POST", "registered-models/create", "", {"name": "mine"})
    look = Row("GET", "registered-models/get", "", {"name": "base"})

    assert ask(world, "narrow", look).status_code == 200
    assert ask(world, "narrow", create).status_code == 403
    assert ask(world, "elsewhere", look).status_code == 404


def test_the_twin_under_ajax_api_is_the_same_door(world: World) -> None:
    look = Row("GET", "model-versions/get", "", ONE)
    twin = ask(world, "reader", look, base="/ajax-api/2.0/mlflow/")

    assert twin.content == ask(world, "reader", look).content
    assert ask(world, "outsider", look, base="/ajax-api/2.0/mlflow/").status_code == 404


def test_an_unknown_route_or_method_is_answered_as_clients_expect(world: World) -> None:
    unknown = ask(world, "reader", Row("GET", "registered-models/nothing", "", {}))
    wrong = ask(world, "reader", Row("DELETE", "registered-models/get", "", {}))

    assert (unknown.status_code, unknown.json()["error_code"]) == (404, "ENDPOINT_NOT_FOUND")
    assert (wrong.status_code, wrong.json()["error_code"]) == (405, "BAD_REQUEST")


def test_no_view_without_a_session_trusts_a_cookie() -> None:
    for prefix in (path for path in settings.SESSIONLESS_PATHS if "mlflow" in path):
        for route in (*REGISTRY, *WORKSPACES, "server-info", "anything"):
            path = f"{prefix}{route.replace('<str:workspace_name>', 'x')}"
            is_exempt = getattr(resolve(path).func, "csrf_exempt", False)
            assert is_exempt or route == "server-info", path
