"""Agents, tools, indexes, connections and applications: registered, promoted, traced."""

from __future__ import annotations

import pytest

from core import consumers, sequencer
from core.errors import InvalidInput
from lineage.models import Edge
from registry.models import AssetVersion, Promotion
from registry.services.promotions import request
from tests.factories import administrator, make_model, make_version, make_workspace, reference
from tests.registry.composed import make_agent, make_application, make_tool
from tests.registry.specs import CONNECTION_SPEC, TOOL_SPEC, agent_spec

pytestmark = pytest.mark.django_db


def test_a_promoted_application_takes_along_all_that_it_is_made_of_and_not_the_indexed_data() -> (
    None
):
    dev, prod = make_workspace(), make_workspace(stage="production")
    application = make_application(dev)

    promotion = request.promote(
        actor=administrator(),
        source=reference(application),
        target=prod.slug,
        alias="production",
        reason="first release",
    )

    assert promotion.status == Promotion.Status.COMPLETED
    copies = AssetVersion.objects.filter(asset__workspace=prod).select_related("asset")
    kinds = sorted(copy.asset.kind for copy in copies)
    assert kinds == [
        "agent",
        "application",
        "connection",
        "flow",
        "index",
        "model",
        "model",
        "prompt",
        "tool",
    ]
    assert promotion.target_version is not None
    assert promotion.target_version.digest == application.digest
    nodes = promotion.target_version.provenance.body["nodes"]
    assert "dataset" in {node["kind"] for node in nodes}


def test_the_graph_has_an_edge_for_each_of_their_links() -> None:
    make_application(make_workspace())

    while sequencer.sequence_pending() or consumers.drain_all():
        pass

    assert set(Edge.objects.values_list("relation", flat=True)) == {
        "uses_flow",
        "uses_prompt",
        "uses_agent",
        "uses_index",
        "uses_model",
        "uses_tool",
        "uses_connection",
        "indexes",
        "embeds_with",
    }


def test_an_agent_cannot_be_granted_what_its_tool_does_not_have() -> None:
    workspace = make_workspace()
    model, tool = make_model(workspace), make_tool(workspace)
    spec = agent_spec(model.digest, tool.digest)
    spec["grants"] = [{"tool": "orders", "actions": ["find_order", "delete_all"]}]

    with pytest.raises(InvalidInput) as caught:
        make_version(workspace, "agent", spec, links=[("uses_model", model), ("uses_tool", tool)])

    assert [(error.field, error.reason) for error in caught.value.errors] == [
        ("spec.grants[0].actions", "the tool has no action 'delete_all'")
    ]


def test_agents_of_equal_parts_are_equal_wherever_they_lie_and_another_tool_makes_another() -> None:
    one, other = make_agent(make_workspace()), make_agent(make_workspace())
    changed = make_agent(make_workspace(), tool=TOOL_SPEC | {"timeout_seconds": 5})

    assert one.digest == other.digest
    assert one.digest != changed.digest


def test_a_secret_reaches_neither_a_row_nor_the_journal() -> None:
    workspace = make_workspace()
    secret = "sk" + "-0123456789abcdefghijkl"

    with pytest.raises(InvalidInput) as caught:
        make_version(workspace, "connection", CONNECTION_SPEC | {"endpoint": secret})

    assert secret not in caught.value.detail
    assert not AssetVersion.objects.exists()
