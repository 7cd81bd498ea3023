"""Promotions that are refused, or never begin: gates, rights, bad requests."""

from __future__ import annotations

import pytest

from core.actors import Actor, system
from core.errors import AccessDenied, Conflict, InvalidInput
from core.models import JournalEntry
from registry.gates import base as gates
from registry.gates.base import Outcome, Proposal, Verdict
from registry.models import Asset, AssetVersion, Grant, Promotion
from registry.services import members
from registry.services.promotions import request
from tests.factories import (
    administrator,
    grant,
    make_admin,
    make_flow,
    make_model,
    make_prompt,
    make_workspace,
    member,
    reference,
)
from tests.registry.conftest import Team
from tests.registry.test_promotions import entries

pytestmark = pytest.mark.django_db


def test_a_member_that_the_requester_may_not_read_refuses_and_is_not_named(team: Team) -> None:
    hidden = make_prompt(make_workspace(), name="secret-prompt")
    flow = make_flow(team.dev, [hidden])

    promotion = team.promote(flow)

    assert promotion.status == "refused"
    (reason,) = promotion.verdicts[0]["reasons"]
    assert reason["code"] == "member_not_readable"
    assert "secret-prompt" not in str(promotion.verdicts)
    assert not AssetVersion.objects.filter(asset__workspace=team.prod).exists()
    (body,) = entries("registry.promotion.refused")
    assert body["outcome"] == "refused"
    assert body["data"]["verdicts"][0]["reasons"][0]["code"] == "member_not_readable"


def test_a_name_that_is_taken_in_the_target_refuses(team: Team) -> None:
    make_prompt(team.prod, name="support")
    model = make_model(team.dev, name="support")

    promotion = team.promote(model)

    assert promotion.status == "refused"
    assert promotion.verdicts[0]["reasons"][0]["code"] == "name_taken"


class Failing:
    """A gate that cannot decide."""

    name = "failing"

    def review(self, proposal: Proposal) -> Verdict:
        raise TimeoutError("the engine is away")

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        return True


class Fickle:
    """A gate that passes, and in the final transaction has changed its mind."""

    name = "fickle"

    def review(self, proposal: Proposal) -> Verdict:
        return Verdict(self.name, Outcome.PASS)

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        return False


def test_a_gate_that_fails_refuses_and_every_other_is_still_asked(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = gates.installed()
    monkeypatch.setattr(gates, "installed", lambda: (Failing(), *others))

    promotion = team.promote(team.flow())

    assert promotion.status == "refused"
    assert [verdict["gate"] for verdict in promotion.verdicts] == [
        "failing",
        "closure",
        "lifecycle",
        "approvals",
        "rules",
    ]
    assert promotion.verdicts[0]["reasons"][0]["code"] == "gate_failed"


def test_a_verdict_that_no_longer_stands_writes_nothing(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "installed", lambda: (Fickle(),))
    flow = team.flow()

    with pytest.raises(Conflict, match="changed"):
        team.promote(flow)

    assert not Promotion.objects.exists()
    assert not Asset.objects.filter(workspace=team.prod).exists()


class Revoking:
    """A gate during whose deliberation the requester loses a role."""

    name = "revoking"

    def __init__(self, lost: Grant) -> None:
        self.lost = lost

    def review(self, proposal: Proposal) -> Verdict:
        members.revoke(actor=administrator(), grant_uuid=self.lost.uuid)
        return Verdict(self.name, Outcome.PASS)

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        return True


@pytest.mark.parametrize("place", ["prod", "dev"])
def test_a_requester_who_lost_the_right_meanwhile_gets_nothing(
    team: Team, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Grant.objects.get(user=team.deployer.user, workspace=getattr(team, place))
    others = gates.installed()
    monkeypatch.setattr(gates, "installed", lambda: (Revoking(lost), *others))

    with pytest.raises(Conflict):
        team.promote(team.flow())

    assert not Promotion.objects.exists()


def test_a_preview_tells_the_same_and_leaves_nothing(team: Team) -> None:
    flow = team.flow()
    before = JournalEntry.objects.count()

    review = request.preview(actor=team.deployer, source=reference(flow), target=team.prod.slug)

    assert not review.is_refused
    assert review.binding == team.promote(flow).binding
    assert JournalEntry.objects.count() > before
    assert Promotion.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": "no/flow/at-all/1"}, "source"),
        ({"source": "nonsense"}, "source"),
        ({"target": "nowhere"}, "target"),
        ({"alias": "7"}, "alias"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 4_001}, "reason"),
    ],
    ids=str,
)
def test_a_bad_request_is_told_with_its_field(
    team: Team, change: dict[str, str], field: str
) -> None:
    wanted = {
        "source": reference(team.flow()),
        "target": team.prod.slug,
        "reason": "x",
        "alias": "",
    }

    with pytest.raises(InvalidInput) as caught:
        request.promote(actor=make_admin(), **(wanted | change))

    assert caught.value.errors[0].field == field
    assert not Promotion.objects.exists()


def test_a_version_is_not_promoted_into_its_own_workspace(team: Team) -> None:
    with pytest.raises(InvalidInput) as caught:
        team.promote(team.flow(), actor=make_admin(), target=team.dev.slug)

    assert caught.value.errors[0].field == "target"


@pytest.mark.parametrize("role", ["reader", "author", "approver", "auditor"])
def test_only_deployers_and_admins_of_the_target_promote(team: Team, role: str) -> None:
    actor = member(team.prod, role)

    with pytest.raises(InvalidInput, match="no version"):
        team.promote(team.flow(), actor=actor)
    grant(actor, team.dev, "reader")
    with pytest.raises(AccessDenied):
        team.promote(team.flow(), actor=actor)
    assert not Promotion.objects.exists()


def test_nobody_promotes_into_what_they_cannot_see_and_the_system_owns_nothing(team: Team) -> None:
    flow = team.flow()

    with pytest.raises(InvalidInput, match="no workspace"):
        team.promote(flow, actor=team.author)
    with pytest.raises(InvalidInput, match="person"):
        team.promote(flow, actor=system())


def test_the_same_may_be_asked_by_a_token_of_the_right_scope(team: Team) -> None:
    actor = Actor(
        user=team.deployer.user,
        via=team.deployer.via,
        scopes=frozenset({"view_workspace", "promote_into_workspace"}),
    )
    blind = Actor(user=team.deployer.user, via=team.deployer.via, scopes=frozenset())

    assert team.promote(team.flow(), actor=actor).status == "completed"
    with pytest.raises(InvalidInput):
        team.promote(team.flow(), actor=blind)
