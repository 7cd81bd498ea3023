"""What a caller may see of the graph."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from registry.models import AssetVersion, Workspace
from tests import factories
from tests.lineage.steps import tell
from tests.lineage.test_graph import GRAPH, ask, names, promoted_flow

pytestmark = pytest.mark.django_db


def test_a_foreign_version_is_answered_like_a_missing_one(dev: Workspace) -> None:
    factories.make_prompt(dev, name="hello")
    client = factories.token_client(factories.make_actor())

    foreign = client.get(GRAPH, {"node": "dev/prompt/hello/1"})
    missing = client.get(GRAPH, {"node": "dev/prompt/hello/2"})

    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()
    assert APIClient().get(GRAPH, {"node": "dev/prompt/hello/1"}).status_code == 401


def test_frozen_provenance_names_what_the_reader_of_production_may_not_see(
    dev: Workspace, prod: Workspace
) -> None:
    promoted_flow(dev, prod)
    client = factories.token_client(factories.member(prod, "reader"))

    graph = ask(client, "prod/flow/bot/1")

    seen = {node["ref"]: (node["visible"], node["frozen"]) for node in graph["nodes"]}
    assert seen == {
        "prod/flow/bot/1": (True, False),
        "prod/model/llm/1": (True, False),
        "dev/flow/bot/1": (False, True),
        "dev/model/llm/1": (False, True),
        "dev/dataset/tickets/1": (False, True),
    }
    frozen = next(node for node in graph["nodes"] if node["ref"] == "dev/flow/bot/1")
    assert (frozen["aliases"], frozen["stage"]) == ([], None)


def test_what_is_hidden_downstream_is_one_node_without_a_name(
    dev: Workspace, prod: Workspace
) -> None:
    promoted_flow(dev, prod)
    client = factories.token_client(factories.member(dev, "reader"))

    graph = ask(client, "dev/flow/bot/1", direction="downstream")

    stub = next(node for node in graph["nodes"] if node["id"].startswith("hidden"))
    assert {key: value for key, value in stub.items() if value not in (None, [], False)} == {
        "id": "hidden-1",
        "type": "version",
        "level": 1,
        "members": 1,
    }
    (edge,) = [edge for edge in graph["edges"] if edge["to"] == "hidden-1"]
    assert (edge["relation"], edge["run"]) == (None, None)
    assert "prod" not in str(graph)


def test_the_number_of_hidden_neighbours_cannot_be_told(dev: Workspace) -> None:
    secret = factories.make_workspace("secret")
    used = factories.make_dataset(dev, name="used")
    for _ in range(3):
        factories.make_model(secret, trained_on=[used])
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    graph = ask(client, "dev/dataset/used/1", direction="downstream")

    assert names(graph) == {"dev/dataset/used/1": 0, "hidden-1": 1}
    assert len(graph["edges"]) == 1


def test_the_walk_ends_at_what_is_hidden(dev: Workspace) -> None:
    secret = factories.make_workspace("secret")
    source = factories.make_dataset(dev, name="source")
    between = factories.make_dataset(secret, links=[("derived_from", source)])
    factories.make_model(dev, trained_on=[between], name="end")
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    assert names(ask(client, "dev/model/end/1")) == {"hidden-1": -1, "dev/model/end/1": 0}
    assert names(ask(client, "dev/dataset/source/1")) == {"dev/dataset/source/1": 0, "hidden-1": 1}


def test_frozen_provenance_opens_nothing_downstream(dev: Workspace, prod: Workspace) -> None:
    promoted_flow(dev, prod)
    model = AssetVersion.objects.get(asset__workspace=dev, asset__kind="model")
    factories.make_result(dev, model, name="private")
    tell()
    client = factories.token_client(factories.member(prod, "reader"))

    graph = ask(client, "prod/flow/bot/1", direction="both", depth=50)

    assert "private" not in str(graph)
    assert "eval" not in str(graph)


def test_a_token_for_one_workspace_hides_the_others(dev: Workspace, prod: Workspace) -> None:
    promoted_flow(dev, prod)
    client = factories.token_client(factories.administrator(), workspaces=["dev"])

    graph = ask(client, "dev/flow/bot/1", direction="downstream")

    assert "prod" not in str(graph)
    assert client.get(GRAPH, {"node": "prod/flow/bot/1"}).status_code == 404
