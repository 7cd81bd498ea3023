"""The graph over HTTP: both directions, what may be seen of it, and what it costs."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from lineage.graph import exploration
from lineage.models import Edge
from registry.models import AssetVersion, Workspace
from tests import factories
from tests.lineage.steps import approve, promote, tell

pytestmark = pytest.mark.django_db
GRAPH = "/api/lineage/graph/"


def ask(client: APIClient, node: str, **query: Any) -> dict[str, Any]:
    response = client.get(GRAPH, {"node": node, **query})
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def names(graph: dict[str, Any]) -> dict[str, int]:
    return {node["ref"] or node["id"]: node["level"] for node in graph["nodes"]}


def edges(graph: dict[str, Any]) -> set[tuple[str, str | None, str]]:
    name = {node["id"]: node["ref"] or node["id"] for node in graph["nodes"]}
    return {(name[edge["from"]], edge["relation"], name[edge["to"]]) for edge in graph["edges"]}


def promoted_flow(dev: Workspace, prod: Workspace) -> AssetVersion:
    """The copy of a flow over a model over a dataset, with an evaluation beside it."""
    tickets = factories.make_dataset(dev, name="tickets")
    model = factories.make_model(dev, trained_on=[tickets], name="llm")
    flow = factories.make_flow(dev, [model], name="bot", aliases=["candidate"])
    factories.make_result(dev, flow, name="eval")
    copy = approve(promote(flow, prod)).target_version
    assert copy is not None
    tell()
    return copy


def test_from_production_it_leads_back_to_the_data(dev: Workspace, prod: Workspace) -> None:
    copy = promoted_flow(dev, prod)
    client = factories.token_client(factories.administrator())

    graph = ask(client, "prod/flow/bot@production", direction="upstream")

    assert graph["root"] == str(copy.uuid)
    assert names(graph) == {
        "dev/dataset/tickets/1": -3,
        "dev/model/llm/1": -2,
        "dev/flow/bot/1": -1,
        "prod/model/llm/1": -1,
        "prod/flow/bot/1": 0,
    }
    assert edges(graph) == {
        ("dev/dataset/tickets/1", "trained_on", "dev/model/llm/1"),
        ("dev/model/llm/1", "uses_model", "dev/flow/bot/1"),
        ("dev/model/llm/1", "promoted", "prod/model/llm/1"),
        ("dev/flow/bot/1", "promoted", "prod/flow/bot/1"),
        ("prod/model/llm/1", "uses_model", "prod/flow/bot/1"),
    }
    assert graph["levels"] == [
        {"level": -3, "nodes": 1},
        {"level": -2, "nodes": 1},
        {"level": -1, "nodes": 2},
        {"level": 0, "nodes": 1},
    ]
    assert (graph["truncated"], graph["has_more"]) == (False, False)


def test_a_node_says_what_and_where_it_is(dev: Workspace, prod: Workspace) -> None:
    copy = promoted_flow(dev, prod)
    client = factories.token_client(factories.administrator())

    (root,) = ask(client, "prod/flow/bot/1", depth=0)["nodes"]

    assert root == {
        "id": str(copy.uuid),
        "type": "version",
        "ref": "prod/flow/bot/1",
        "kind": "flow",
        "name": "bot",
        "namespace": None,
        "workspace": "prod",
        "number": 1,
        "digest": copy.digest,
        "stage": "production",
        "aliases": ["production"],
        "level": 0,
        "visible": True,
        "frozen": False,
        "members": 1,
    }


def test_a_promotion_is_an_edge_with_its_id(dev: Workspace, prod: Workspace) -> None:
    copy = promoted_flow(dev, prod)
    client = factories.token_client(factories.administrator())

    graph = ask(client, "prod/flow/bot/1", direction="upstream", depth=1)

    runs = {edge["run"] for edge in graph["edges"] if edge["relation"] == "promoted"}
    assert runs == {str(copy.promotion.uuid)}


def test_from_the_data_it_leads_to_all_that_came_of_it(dev: Workspace, prod: Workspace) -> None:
    promoted_flow(dev, prod)
    client = factories.token_client(factories.administrator())

    graph = ask(client, "dev/dataset/tickets/1", direction="downstream")

    assert names(graph) == {
        "dev/dataset/tickets/1": 0,
        "dev/model/llm/1": 1,
        "dev/flow/bot/1": 2,
        "prod/model/llm/1": 2,
        "dev/result/eval/1": 3,
        "prod/flow/bot/1": 3,
    }


def test_both_is_no_more_than_up_and_down(dev: Workspace) -> None:
    data = factories.make_dataset(dev, name="data")
    mine = factories.make_model(dev, trained_on=[data], name="mine")
    factories.make_model(dev, trained_on=[data], name="sibling")
    factories.make_result(dev, mine, name="eval")
    tell()
    client = factories.token_client(factories.administrator())

    graph = ask(client, "dev/model/mine/1", direction="both")

    assert names(graph) == {"dev/dataset/data/1": -1, "dev/model/mine/1": 0, "dev/result/eval/1": 1}


@pytest.mark.parametrize("form", ["{ref}/1", "{ref}@candidate", "muniment://localhost/{ref}/1"])
def test_any_form_of_reference_names_the_node(dev: Workspace, form: str) -> None:
    prompt = factories.make_prompt(dev, name="hello", aliases=["candidate"])
    client = factories.token_client(factories.member(dev, "reader"))

    assert ask(client, form.format(ref="dev/prompt/hello"))["root"] == str(prompt.uuid)


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({}, 400, "node"),
        ({"node": ""}, 400, "node"),
        ({"node": "no-reference"}, 400, "node"),
        ({"node": "dev/prompt/hello"}, 400, "node"),
        ({"node": "x" * 2_000}, 400, "node"),
        ({"node": "muniment://elsewhere/dev/prompt/hello/1"}, 400, "node"),
        ({"node": "dev/prompt/hello/1", "depth": "-1"}, 400, "depth"),
        ({"node": "dev/prompt/hello/1", "depth": "51"}, 400, "depth"),
        ({"node": "dev/prompt/hello/1", "depth": "deep"}, 400, "depth"),
        ({"node": "dev/prompt/hello/1", "direction": "sideways"}, 400, "direction"),
        ({"node": "dev/prompt/hello/2"}, 404, None),
        ({"node": "dev/prompt/hello@no-such-alias"}, 404, None),
        ({"node": "nowhere/prompt/hello/1"}, 404, None),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(
    dev: Workspace, query: dict[str, str], status: int, field: str | None
) -> None:
    factories.make_prompt(dev, name="hello")
    client = factories.token_client(factories.member(dev, "reader"))

    response = client.get(GRAPH, query)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    named = [error["field"] for error in response.json().get("errors", [])]
    assert named == ([field] if field else [])


def test_depth_limits_the_levels_and_says_that_there_is_more(
    dev: Workspace, prod: Workspace
) -> None:
    promoted_flow(dev, prod)
    client = factories.token_client(factories.administrator())

    graph = ask(client, "prod/flow/bot/1", direction="upstream", depth=1)

    assert set(names(graph).values()) == {0, -1}
    assert graph["has_more"] is True


def test_a_limit_on_nodes_truncates_and_says_so(
    dev: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploration, "MAX_NODES", 3)
    data = factories.make_dataset(dev, name="data")
    for _ in range(5):
        factories.make_model(dev, trained_on=[data])
    tell()
    client = factories.token_client(factories.administrator())

    graph = ask(client, "dev/dataset/data/1", direction="downstream")

    assert (len(graph["nodes"]), len(graph["edges"]), graph["truncated"]) == (3, 2, True)


def test_a_graph_of_chance_is_found_whole(dev: Workspace) -> None:
    chance = random.Random(7)
    made: list[AssetVersion] = []
    for _ in range(30):
        sources = chance.sample(made, k=min(len(made), chance.randrange(4)))
        made.append(
            factories.make_dataset(dev, links=[("derived_from", source) for source in sources])
        )
    tell()
    client = factories.token_client(factories.administrator())
    middle = made[15]

    graph = ask(client, factories.reference(middle), depth=50)

    def reach(near: str, far: str) -> set[int]:
        found, fresh = set(), {middle.pk}
        while fresh:
            found |= fresh
            rows = Edge.objects.filter(**{f"{near}__in": fresh}).values_list(far, flat=True)
            fresh = set(rows) - found
        return found

    expected = reach("source_id", "target_id") | reach("target_id", "source_id")
    uuids = AssetVersion.objects.filter(pk__in=expected).values_list("uuid", flat=True)
    assert {node["id"] for node in graph["nodes"]} == {str(uuid) for uuid in uuids}
    assert len(expected) > 5


def queries(client: APIClient, node: str, depth: int) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask(client, node, direction="downstream", depth=depth)
    return len(captured)


def test_queries_depend_on_levels_and_not_on_how_wide_they_are(dev: Workspace) -> None:
    narrow, wide = factories.make_dataset(dev), factories.make_dataset(dev)
    for root, width in ((narrow, 1), (wide, 20)):
        for _ in range(width):
            factories.make_result(dev, factories.make_model(dev, trained_on=[root]))
    tell()
    client = factories.token_client(factories.member(dev, "reader"))
    ask(client, factories.reference(wide))

    one = queries(client, factories.reference(narrow), depth=1)
    two = queries(client, factories.reference(narrow), depth=2)

    assert queries(client, factories.reference(wide), depth=1) == one
    assert queries(client, factories.reference(wide), depth=2) == two
    assert two - one <= 2
    assert one <= 15
