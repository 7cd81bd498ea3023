"""Promotions that need nobody's approval: what comes along, what is frozen, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.canonical import canonical_digest
from core.journal import decode
from core.models import JournalEntry
from registry.models import Alias, Asset, AssetVersion, Promotion
from registry.queries.versions import full_reference, version_detail
from registry.services.promotions import request
from tests.factories import (
    administrator,
    make_dataset,
    make_flow,
    make_model,
    make_prompt,
    make_result,
    make_workspace,
    member,
    reference,
)
from tests.registry.conftest import Team

GATES = ["closure", "lifecycle", "approvals", "rules"]
pytestmark = pytest.mark.django_db


def entries(action: str) -> list[dict[str, Any]]:
    return [decode(entry) for entry in JournalEntry.objects.filter(action=action).order_by("id")]


def result(promotion: Promotion) -> AssetVersion:
    assert promotion.target_version is not None
    return AssetVersion.objects.select_related("asset__workspace").get(
        pk=promotion.target_version.pk
    )


def test_a_version_is_copied_by_reference_with_its_members_first(team: Team) -> None:
    flow = team.flow(aliases=["candidate"])

    promotion = team.promote(flow, alias="production")

    copy = result(promotion)
    assert promotion.status == "completed"
    assert (copy.digest, copy.spec_id, copy.promoted_from) == (flow.digest, flow.spec_id, flow)
    assert copy.asset.workspace == team.prod
    assert copy.asset.name == flow.asset.name
    sources = {link.role: link.target for link in flow.links.all()}
    copies = {link.role: link.target for link in copy.links.all()}
    assert sources.keys() == copies.keys() == {"uses_model", "uses_prompt"}
    for role, target in copies.items():
        assert target.asset.workspace == team.prod
        assert target.digest == sources[role].digest
    assert Alias.objects.get(asset=copy.asset, name="production").version == copy
    assert promotion.members.count() == 3


def test_it_is_journalled_with_its_verdicts_members_and_provenance(team: Team) -> None:
    flow = team.flow()

    promotion = team.promote(flow, alias="production")

    (body,) = entries("registry.promotion.completed")
    copy = result(promotion)
    assert body["subject"] == {"ref": full_reference(flow), "digest": flow.digest}
    assert body["workspace"] == str(team.prod.uuid)
    assert body["actor"]["roles"] == ["deployer"]
    assert body["reason"] == "release"
    assert body["data"]["result"]["ref"] == reference(copy)
    assert body["data"]["binding"] == promotion.binding
    assert body["data"]["provenance_digest"] == copy.provenance.digest
    assert [verdict["gate"] for verdict in body["data"]["verdicts"]] == GATES
    assert len(body["data"]["members"]) == 3
    (moved,) = entries("registry.alias.moved")
    assert moved["data"]["promotion"] == str(promotion.uuid)


def test_a_member_that_came_earlier_is_used_again_and_the_root_never(team: Team) -> None:
    flow = team.flow()

    first, second = (result(team.promote(flow)) for _ in range(2))

    assert (first.number, second.number) == (1, 2)
    assert {link.target for link in first.links.all()} == {
        link.target for link in second.links.all()
    }
    reused = Promotion.objects.get(target_version=second).members.filter(is_reused=True)
    assert reused.count() == 2


def test_a_member_that_lies_in_the_target_is_used_as_it_is(team: Team) -> None:
    prompt = make_prompt(team.prod)
    flow = make_flow(team.dev, [prompt])

    copy = result(team.promote(flow))

    assert [link.target for link in copy.links.all()] == [prompt]


def test_an_adapter_takes_its_base_model_along_and_flows_nest(team: Team) -> None:
    base = make_model(team.dev, name="base")
    adapter = make_model(team.dev, name="adapter", links=[("adapter_of", base)])
    inner = make_flow(team.dev, [adapter])
    outer = make_flow(team.dev, [inner])

    promotion = team.promote(outer)

    names = set(Asset.objects.filter(workspace=team.prod).values_list("kind", "name"))
    assert {("model", "base"), ("model", "adapter")} < names
    assert promotion.members.count() == 4


def test_metrics_and_artifacts_come_along(team: Team) -> None:
    digest = "sha256:" + "a" * 64
    model = make_model(
        team.dev,
        metrics=[{"name": "loss", "value": 0.1}],
        artifacts=[{"path": "w", "uri": "s3://b/w", "digest": digest}],
    )

    copy = result(team.promote(model))

    assert copy.metrics.get().value == 0.1
    assert copy.artifacts.get().digest == digest


def test_provenance_is_frozen_with_data_models_evaluations_and_digests(team: Team) -> None:
    data = make_dataset(team.dev)
    base = make_model(team.dev, trained_on=[data])
    model = make_model(team.dev, links=[("fine_tuned_from", base)])
    evaluation = make_result(team.dev, model)

    copy = result(team.promote(model))

    frozen = copy.provenance.body
    assert copy.provenance.digest == canonical_digest(frozen)
    nodes = {node["ref"]: node["digest"] for node in frozen["nodes"]}
    assert nodes == {full_reference(item): item.digest for item in (data, base, model)}
    roles = {(edge["from"], edge["role"], edge["to"]) for edge in frozen["edges"]}
    assert (full_reference(base), "trained_on", full_reference(data)) in roles
    assert (full_reference(model), "fine_tuned_from", full_reference(base)) in roles
    (found,) = frozen["evaluations"]
    assert found["result"] == full_reference(evaluation)
    assert found["metrics"] == [{"name": "groundedness", "value": 0.9, "evaluator": "judge"}]
    assert frozen["is_complete"] is True


def test_frozen_provenance_is_read_without_any_right_on_the_source(team: Team) -> None:
    copy = result(team.promote(team.flow()))
    reader = member(team.prod, "reader")

    detail = version_detail(reader, copy.uuid)

    refs = [node["ref"] for node in detail.provenance.body["nodes"]]
    assert any(f"/{team.dev.slug}/dataset/" in ref for ref in refs)


def test_an_evaluation_that_the_requester_may_not_see_is_not_published(team: Team) -> None:
    model = make_model(team.dev)
    make_result(make_workspace(), model)

    assert result(team.promote(model)).provenance.body["evaluations"] == []


def test_a_chain_of_promotions_is_told_to_its_beginning(team: Team) -> None:
    model = make_model(team.dev)
    middle = result(team.promote(model))
    last = make_workspace(stage="production")

    final = request.promote(
        actor=administrator(), source=reference(middle), target=last.slug, reason="on"
    )

    edges = result(final).provenance.body["edges"]
    assert [(edge["role"], edge["to"]) for edge in edges] == [
        ("promoted_from", full_reference(model))
    ]
