"""What a preview tells, and when a promotion says that it is stale."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import AccessDenied
from registry.services import rules
from registry.services.promotions.staleness import look_again, stale_because
from tests.factories import (
    administrator,
    make_flow,
    make_model,
    make_prompt,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.conftest import Team

pytestmark = pytest.mark.django_db


def preview(team: Team, source: str) -> Any:
    client = token_client(team.deployer)
    body = {"source": source, "target": team.prod.slug, "reason": "look"}
    answer: Any = client.post("/api/registry/promotions/preview/", body).json()
    return answer


def test_a_preview_shows_the_closure_as_a_tree_with_what_would_become_of_it(team: Team) -> None:
    model, prompt = make_model(team.dev), make_prompt(team.dev)
    inner = make_flow(team.dev, [model])
    flow = make_flow(team.dev, [inner, model, prompt])
    team.promote(inner)

    tree = preview(team, reference(flow))["closure"]

    assert [(line["depth"], line["outcome"], line["is_repeated"]) for line in tree] == [
        (0, "create", False),
        (1, "reuse", False),
        (2, "reuse", False),
        (1, "reuse", True),
        (1, "create", False),
    ]
    assert tree[2]["target"] == f"{team.prod.slug}/model/{model.asset.name}/1"
    assert tree[0]["is_new_asset"]


def test_a_preview_says_nothing_of_what_the_requester_may_not_read(team: Team) -> None:
    hidden = make_model(make_workspace(), name="secret")
    flow = make_flow(team.dev, [hidden])

    told = preview(team, reference(flow))

    assert told["would"] == "refuse"
    assert told["closure"][1] == {
        "depth": 1,
        "role": "uses_model",
        "outcome": "hidden",
    }
    assert "secret" not in str(told)


def test_a_preview_tells_how_many_could_agree(team: Team) -> None:
    rules.set_rule(
        actor=administrator(),
        workspace=team.prod.slug,
        conditions={"distinct_roles": ["auditor", "approver"]},
    )
    member(team.prod, "auditor")

    (asked,) = preview(team, reference(make_model(team.dev)))["approvals"]

    assert asked["required_approvals"] == 2
    assert asked["roles"] == ["admin", "approver", "auditor"]
    # The auditor, and the administrator who made the workspace.
    assert asked["people"] == 2


def test_a_promotion_says_that_it_is_stale_and_why(careful_team: Team) -> None:
    team = careful_team
    waiting = team.promote(make_model(team.dev))
    client = token_client(team.approver())
    address = f"/api/registry/promotions/{waiting.uuid}/"
    assert client.get(address).json()["is_stale"] is False

    rules.set_required_approvals(
        actor=administrator(), workspace=team.prod.slug, required_approvals=2
    )
    shown = client.get(address).json()
    fresh = client.post(f"{address}review/").json()

    assert shown["is_stale"] is True
    assert [each["gate"] for each in shown["stale_because"]] == ["approvals"]
    assert (fresh["is_stale"], fresh["required_approvals"]) == (False, 2)
    assert fresh["binding"] != shown["binding"]


def test_a_closed_promotion_is_not_stale_and_readers_do_not_ask_again(careful_team: Team) -> None:
    team = careful_team
    waiting = team.promote(make_model(team.dev))

    with pytest.raises(AccessDenied):
        look_again(actor=member(team.prod, "reader"), promotion=waiting.uuid)
    done = team.approve(waiting, by=team.approver())

    assert stale_because(done) == []
