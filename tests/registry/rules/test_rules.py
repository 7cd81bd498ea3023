"""Rules of promotion: who sets them, how they follow each other, and the two-person rule."""

from __future__ import annotations

from typing import Any

import pytest

from core.actors import Actor
from core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from core.journal import decode
from core.models import JournalEntry
from registry.models import PromotionRule, PromotionRuleProposal, Workspace
from registry.queries.rules import required_approvals, rules_in_force
from registry.services import rules
from tests.factories import administrator, make_actor, make_workspace, member

pytestmark = pytest.mark.django_db
STAGING_ONLY = {"source_stages": ["staging"]}


def set_rule(place: Workspace, *, actor: Actor | None = None, **terms: Any) -> Any:
    return rules.set_rule(actor=actor or administrator(), workspace=place.slug, **terms)


def entry(verb: str) -> dict[str, Any]:
    """The newest journal entry of a rule."""
    row = JournalEntry.objects.filter(action=f"registry.promotion_rule.{verb}").latest("id")
    return decode(row)


def use_every_verb(prod: Workspace) -> None:
    """Set, propose, accept, reject and end rules on a kind."""
    held = set_rule(prod, kind="dataset", required_approvals=2)
    rules.reject(actor=administrator(), proposal=set_rule(prod, kind="dataset").uuid)
    end = rules.end_rule(actor=administrator(), rule=held.uuid)
    rules.accept(actor=member(prod, "admin"), proposal=end.uuid)


@pytest.fixture
def prod() -> Workspace:
    return make_workspace(stage="production")


def test_rules_of_different_scope_hold_beside_each_other(prod: Workspace) -> None:
    set_rule(prod, required_approvals=1)
    set_rule(prod, kind="model", conditions=STAGING_ONLY)
    set_rule(prod, alias_pattern="prod*", required_approvals=2)

    held = rules_in_force(prod)

    assert [(rule.kind, rule.alias_pattern) for rule in held] == [
        ("", ""),
        ("", "prod*"),
        ("model", ""),
    ]
    assert held[2].conditions == STAGING_ONLY
    body = entry("set")
    assert body["after"] == {"required_approvals": 2}
    assert body["data"]["alias_pattern"] == "prod*"


def test_a_rule_with_a_fraction_is_journalled_as_text(prod: Workspace) -> None:
    thresholds = [{"metric": "f1", "operator": ">=", "value": 0.85}]

    set_rule(prod, kind="model", conditions={"thresholds": thresholds, "distinct_roles": []})

    told = entry("set")["after"]["conditions"]
    assert told == {"thresholds": [{"metric": "f1", "operator": ">=", "value": "0.85"}]}


def test_in_production_asking_for_less_waits_for_a_second_admin(prod: Workspace) -> None:
    set_rule(prod, required_approvals=2)
    one, two = member(prod, "admin"), member(prod, "admin")

    proposal = set_rule(prod, actor=one, required_approvals=1, reason="we are few")

    assert isinstance(proposal, PromotionRuleProposal)
    assert required_approvals(prod) == 2
    with pytest.raises(AccessDenied, match="second admin") as caught:
        rules.accept(actor=one, proposal=proposal.uuid)
    assert caught.value.denial is not None
    rules.accept(actor=two, proposal=proposal.uuid, reason="true")
    assert required_approvals(prod) == 1
    assert entry("proposed")["reason"] == "we are few"
    assert entry("accepted")["reason"] == "true"
    assert entry("set")["before"] == {"required_approvals": 2}
    with pytest.raises(Conflict, match="accepted already"):
        rules.accept(actor=two, proposal=proposal.uuid)


def test_asking_for_more_holds_at_once_and_makes_an_open_proposal_void(prod: Workspace) -> None:
    set_rule(prod, required_approvals=2)
    proposal = set_rule(prod, required_approvals=1)

    tighter = set_rule(prod, required_approvals=3)

    assert isinstance(tighter, PromotionRule)
    with pytest.raises(Conflict, match="changed since"):
        rules.accept(actor=member(prod, "admin"), proposal=proposal.uuid)
    assert required_approvals(prod) == 3


def test_one_number_more_does_not_buy_a_condition_less(prod: Workspace) -> None:
    set_rule(prod, required_approvals=1, conditions=STAGING_ONLY)

    assert isinstance(set_rule(prod, required_approvals=9), PromotionRuleProposal)
    assert rules_in_force(prod)[0].conditions == STAGING_ONLY


def test_the_number_alone_is_changed_without_touching_the_conditions(prod: Workspace) -> None:
    set_rule(prod, required_approvals=1, conditions=STAGING_ONLY)

    rules.set_required_approvals(actor=administrator(), workspace=prod.slug, required_approvals=2)

    (rule,) = rules_in_force(prod)
    assert (rule.required_approvals, rule.conditions) == (2, STAGING_ONLY)


def test_ending_a_rule_is_asking_for_less(prod: Workspace) -> None:
    held, idle = set_rule(prod, kind="model", required_approvals=1), set_rule(prod, kind="prompt")

    proposal = rules.end_rule(actor=administrator(), rule=held.uuid)

    assert isinstance(proposal, PromotionRuleProposal)
    with pytest.raises(Conflict, match="proposal for this rule is open"):
        rules.end_rule(actor=administrator(), rule=held.uuid)
    assert rules.end_rule(actor=administrator(), rule=idle.uuid).uuid == idle.uuid
    rules.accept(actor=member(prod, "admin"), proposal=proposal.uuid)
    assert rules_in_force(prod) == ()
    with pytest.raises(Conflict, match="ended already"):
        rules.end_rule(actor=administrator(), rule=held.uuid)


def test_elsewhere_one_admin_is_enough() -> None:
    staging = make_workspace(stage="staging", required_approvals=2)

    assert isinstance(set_rule(staging), PromotionRule)
    assert required_approvals(staging) == 0


def test_a_rejected_proposal_makes_room_for_another(prod: Workspace) -> None:
    set_rule(prod, required_approvals=2)
    first = set_rule(prod, required_approvals=1)

    rules.reject(actor=administrator(), proposal=first.uuid, reason="a mistake")

    assert entry("rejected")["reason"] == "a mistake"
    assert isinstance(set_rule(prod, required_approvals=0), PromotionRuleProposal)


def test_only_those_who_may_change_the_workspace_touch_its_rules(prod: Workspace) -> None:
    held = set_rule(prod, required_approvals=1)
    proposal = set_rule(prod)
    approver, outsider = member(prod, "approver"), make_actor()

    for actor, error in ((approver, AccessDenied), (outsider, NotFound)):
        for verb, arguments in (
            (rules.end_rule, {"rule": held.uuid}),
            (rules.accept, {"proposal": proposal.uuid}),
            (rules.reject, {"proposal": proposal.uuid}),
        ):
            with pytest.raises(error) as caught:
                verb(actor=actor, **arguments)
            assert caught.value.denial is not None
    with pytest.raises(AccessDenied):
        set_rule(prod, actor=approver, required_approvals=5)
    with pytest.raises(InvalidInput, match="no workspace"):
        set_rule(prod, actor=outsider, required_approvals=5)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"kind": "spell"}, "kind"),
        ({"alias_pattern": "a/b"}, "alias_pattern"),
        ({"alias_pattern": "*a*b*c*"}, "alias_pattern"),
        ({"required_approvals": 21}, "required_approvals"),
        ({"conditions": {"signature": "x"}}, "conditions.signature"),
        ({"conditions": {"thresholds": [{"metric": "a"}]}}, "conditions.thresholds[0]"),
        (
            {"conditions": {"thresholds": [{"metric": "a", "operator": "<", "value": 2**60}]}},
            "conditions",
        ),
    ],
    ids=str,
)
def test_a_bad_rule_is_told_with_its_field(
    prod: Workspace, terms: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        set_rule(prod, **terms)

    assert caught.value.errors[0].field == field
    assert not PromotionRule.objects.exists()
