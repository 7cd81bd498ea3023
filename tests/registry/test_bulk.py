"""Many versions in one call: all or none, each with its entry, at a constant number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from core.models import JournalEntry
from registry.models import Asset, AssetVersion, Workspace
from tests.factories import MODEL_SPEC, make_dataset, make_workspace, member, token_client

pytestmark = pytest.mark.django_db
BULK = "/api/registry/versions/bulk/"


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("bulk")


@pytest.fixture
def client(workspace: Workspace) -> APIClient:
    return token_client(member(workspace, "author"))


def item(name: str, parameters: int = 1, **more: Any) -> dict[str, Any]:
    spec = {**MODEL_SPEC, "parameters": parameters}
    return {"kind": "model", "name": name, "spec": spec, **more}


def send(client: APIClient, items: list[Any], **more: Any) -> Any:
    return client.post(BULK, {"workspace": "bulk", "items": items, **more}, format="json")


def test_five_hundred_versions_of_many_assets_are_registered_in_the_order_of_the_call(
    client: APIClient,
) -> None:
    items = [item(f"m{n % 7}", parameters=n) for n in range(500)]

    answer = send(client, items)

    assert answer.status_code == 201, answer.content
    results = answer.json()["results"]
    assert [r["ref"] for r in results] == [f"bulk/model/m{n % 7}/{n // 7 + 1}" for n in range(500)]
    assert all(result["is_new"] for result in results)
    told = JournalEntry.objects.filter(action="registry.version.registered").order_by("id")
    refs = [subject.partition("/bulk/")[2] for subject in told.values_list("subject", flat=True)]
    assert refs == [result["ref"].removeprefix("bulk/") for result in results]


def test_ten_times_the_versions_cost_the_same_queries(client: APIClient) -> None:
    def queries(count: int, name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert send(client, [item(name, n) for n in range(count)]).status_code == 201
        return len(captured)

    queries(1, "warm")

    # SQLite takes a thousand values a statement, so that a few statements come in two parts.
    assert queries(100, "hundred") - queries(10, "ten") < 5


def test_one_bad_item_registers_nothing_and_every_problem_is_told(client: APIClient) -> None:
    answer = send(client, [item("good"), item("a/b"), item("worse", kind="nonsense")])

    assert answer.status_code == 400
    assert {e["field"] for e in answer.json()["errors"]} == {"items[1].name", "items[2].kind"}
    assert not Asset.objects.filter(workspace__slug="bulk").exists()


def test_an_item_may_share_what_stands_and_what_the_same_call_makes(client: APIClient) -> None:
    send(client, [item("base")])

    again: dict[str, Any] = {"if_same": "existing"}
    answer = send(client, [item("base", **again), item("new", **again), item("new", **again)])

    assert [r["is_new"] for r in answer.json()["results"]] == [False, True, False]
    assert [r["number"] for r in answer.json()["results"]] == [1, 1, 1]
    assert AssetVersion.objects.count() == 2


def test_items_bring_links_metrics_and_aliases(client: APIClient, workspace: Workspace) -> None:
    make_dataset(workspace, name="tickets")
    links = [{"role": "trained_on", "to": "bulk/dataset/tickets/1"}]
    metrics = [{"name": "accuracy", "value": 0.9}]

    answer = send(client, [item("a", links=links, metrics=metrics, aliases=["candidate"])])

    version = AssetVersion.objects.get(uuid=answer.json()["results"][0]["uuid"])
    assert version.links.get().role == "trained_on"
    assert version.metrics.get().value == 0.9
    assert version.aliases.get().name == "candidate"


@pytest.mark.parametrize("items", [[], [item("x")] * 1_001])
def test_none_and_too_many_are_refused(client: APIClient, items: list[Any]) -> None:
    answer = send(client, items)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "items"


def test_a_link_to_what_one_may_not_see_is_journalled_as_a_denial(client: APIClient) -> None:
    make_dataset(make_workspace("hidden"), name="secret")
    links = [{"role": "trained_on", "to": "hidden/dataset/secret/1"}]

    answer = send(client, [item("a", links=links)])

    assert answer.status_code == 400
    assert JournalEntry.objects.filter(action="core.access.denied").count() == 1
