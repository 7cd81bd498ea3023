"""Ways between two nodes, graphs rolled up, what a run made, and tables as files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from rest_framework.test import APIClient

from registry.models import AssetVersion, Workspace
from tests import factories
from tests.lineage.graph import outside
from tests.lineage.graph.test_outside import located, told
from tests.lineage.steps import tell
from tests.lineage.test_graph import GRAPH, ask, edges, promoted_flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db: None) -> APIClient:
    return factories.token_client(factories.administrator())


def way(client: APIClient, start: str, end: str) -> dict[str, Any]:
    response = client.get("/api/lineage/paths/", {"start": start, "end": end})
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def test_the_way_between_two_nodes_is_all_that_lies_between(
    dev: Workspace, prod: Workspace, client: APIClient
) -> None:
    promoted_flow(dev, prod)

    graph = way(client, "dev/dataset/tickets/1", "prod/flow/bot/1")

    assert told(graph) == {
        "dev/dataset/tickets/1": 0,
        "dev/model/llm/1": 1,
        "dev/flow/bot/1": 2,
        "prod/model/llm/1": 2,
        "prod/flow/bot/1": 3,
    }
    assert len(edges(graph)) == 5


def test_where_there_is_no_way_there_are_two_nodes_and_no_edge(
    dev: Workspace, prod: Workspace, client: APIClient
) -> None:
    promoted_flow(dev, prod)

    graph = way(client, "prod/flow/bot/1", "dev/dataset/tickets/1")

    assert told(graph) == {"prod/flow/bot/1": 0, "dev/dataset/tickets/1": 1}
    assert graph["edges"] == []


def test_a_way_through_a_hidden_version_is_not_told(dev: Workspace) -> None:
    secret = factories.make_workspace("secret")
    first = factories.make_dataset(dev, name="first")
    middle = factories.make_dataset(secret, links=[("derived_from", first)])
    factories.make_dataset(dev, name="last", links=[("derived_from", middle)])
    tell()
    reader = factories.token_client(factories.member(dev, "reader"))

    assert way(reader, "dev/dataset/first/1", "dev/dataset/last/1")["edges"] == []


def three_versions(dev: Workspace) -> AssetVersion:
    """A model trained on two versions of one dataset, which came from a place outside."""
    raw, place = outside.dataset(dev, "dump"), outside.dataset(dev, "tickets")
    outside.edge(raw, place, outside.run(dev, "clean"))
    old = located(dev, "s3://raw/tickets", name="tickets")
    new = factories.make_dataset(dev, name="tickets", links=[("derived_from", old)])
    model = factories.make_model(dev, trained_on=[old, new], name="llm")
    tell()
    return model


def test_versions_roll_up_to_assets(dev: Workspace, client: APIClient) -> None:
    three_versions(dev)

    graph = ask(client, "dev/model/llm/1", direction="upstream", roll_up="asset")

    assert told(graph) == {
        "dev/model/llm": 0,
        "dev/dataset/tickets": -1,
        "s3://raw/tickets": -2,
        "s3://raw/dump": -3,
    }
    members = {node["ref"]: node["members"] for node in graph["nodes"]}
    assert members["dev/dataset/tickets"] == 2
    assert len([edge for edge in graph["edges"] if edge["relation"] == "trained_on"]) == 1


def test_versions_roll_up_to_workspaces(dev: Workspace, prod: Workspace, client: APIClient) -> None:
    promoted_flow(dev, prod)

    graph = ask(client, "prod/flow/bot/1", direction="upstream", roll_up="workspace")

    assert {node["id"]: node["members"] for node in graph["nodes"]} == {
        "workspace:dev": 3,
        "workspace:prod": 2,
    }
    assert [(edge["from"], edge["to"]) for edge in graph["edges"]] == [
        ("workspace:dev", "workspace:prod")
    ]


def test_versions_give_way_to_the_jobs_that_made_them(dev: Workspace, client: APIClient) -> None:
    three_versions(dev)

    graph = ask(client, "dev/model/llm/1", direction="upstream", roll_up="job")

    assert {node["name"] for node in graph["nodes"]} == {
        "muniment.dev/train.model.llm",
        "muniment.dev/prepare.dataset.tickets",
        "airflow/clean",
    }
    assert ("job:airflow/clean", "job:muniment.dev/prepare.dataset.tickets") in {
        (edge["from"], edge["to"]) for edge in graph["edges"]
    }


def test_the_run_of_a_promotion_is_what_it_copied(
    dev: Workspace, prod: Workspace, client: APIClient
) -> None:
    copy = promoted_flow(dev, prod)

    graph = client.get(f"/api/lineage/runs/{copy.promotion.uuid}/").json()

    relations = [edge["relation"] for edge in graph["edges"]]
    assert relations.count("promoted") == 2
    assert {"prod/flow/bot/1", "prod/model/llm/1"} <= set(told(graph))
    missing = client.get("/api/lineage/runs/00000000-0000-7000-8000-000000000000/")
    assert missing.status_code == 404


def test_the_nodes_are_a_file(dev: Workspace, client: APIClient) -> None:
    three_versions(dev)

    response = client.get(GRAPH, {"node": "dev/model/llm/1", "format": "csv"})

    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [row["ref"] or row["namespace"] for row in rows] == [
        "s3://raw",
        "s3://raw",
        "dev/dataset/tickets/1",
        "dev/dataset/tickets/2",
        "dev/model/llm/1",
    ]


def test_the_reach_of_a_version_is_counted_whole_as_far_as_one_may_see(
    dev: Workspace, prod: Workspace, client: APIClient
) -> None:
    promoted_flow(dev, prod)
    tickets = AssetVersion.objects.get(asset__name="tickets")
    before = tickets.created_at.isoformat()  # links are edges from their version's registration on
    reader = factories.token_client(factories.member(dev, "reader"))

    def counted(asker: APIClient, **query: str) -> dict[tuple[str, str], int]:
        found = asker.get("/api/lineage/reach/", {"node": "dev/dataset/tickets/1", **query}).json()
        assert found["total"] == sum(count["versions"] for count in found["counts"])
        return {(row["workspace"], row["kind"]): row["versions"] for row in found["counts"]}

    everything = {
        ("dev", "flow"): 1,
        ("dev", "model"): 1,
        ("dev", "result"): 1,
        ("prod", "flow"): 1,
        ("prod", "model"): 1,
    }
    assert counted(client) == everything
    assert counted(reader) == {key: n for key, n in everything.items() if key[0] == "dev"}
    assert counted(client, direction="upstream") == {}
    assert counted(client, as_of=before) == {}
