from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actors import Actor
from registry.models import AliasRule, PromotionRule, PromotionRuleProposal, Workspace
from registry.services import rules
from tests import factories
from tests.console.pages import browser


@pytest.fixture
def prod(db: None) -> Workspace:
    return factories.make_workspace("vault", stage="production", required_approvals=2)


@pytest.fixture
def keeper(prod: Workspace) -> Actor:
    return factories.member(prod, "admin")


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:console_{name}", args=args)


PAGE = "/admin/workspaces/vault/rules/"
SET = f"{PAGE}set/"
EVERYTHING = {
    "kind": "model",
    "alias_pattern": "prod*",
    "required_approvals": "3",
    "approver_roles": ["approver", "admin"],
    "distinct_roles": ["auditor"],
    "approval_max_age_days": "14",
    "request_max_age_days": "7",
    "thresholds": "accuracy >= 0.9\nsafety by judge on vault/dataset/held-out/1 < 2 within 30 days",
    "card_fields": "limitations, intended_use",
    "card_complete": "on",
    "card_accepted": "on",
    "scan_verdicts": ["safe"],
    "signature": "trusted",
    "source_stages": ["staging"],
    "forbidden_states": ["withdrawn"],
    "reason": "The board asks for it.",
}


def standing(prod: Workspace, **scope: str) -> PromotionRule | None:
    return PromotionRule.objects.filter(workspace=prod, valid_to=None, **scope).first()


def test_every_demand_is_set_on_the_form_and_told_in_words(prod: Workspace, keeper: Actor) -> None:
    client = browser(keeper)

    client.post(SET, EVERYTHING)

    rule = standing(prod, kind="model")
    assert rule is not None
    assert rule.conditions["thresholds"] == [
        {"metric": "accuracy", "operator": ">=", "value": 0.9},
        {
            "metric": "safety",
            "evaluator": "judge",
            "dataset": "vault/dataset/held-out/1",
            "operator": "<",
            "value": 2,
            "max_age_days": 30,
        },
    ]
    shown = client.get(PAGE).content.decode()
    for words in (
        "Promotions that take a model along, as an alias like @prod*",
        "3 approvals by others than the requester",
        "Only approvals by admin or approver count",
        "a person of their own is auditor",
        "No approval is older than 14 days",
        "A request expires after 7 days",
        "accuracy &gt;= 0.9",
        "safety by judge on vault/dataset/held-out/1 &lt; 2 within 30 days",
        "The card says: intended use, limitations",
        "A reviewer has accepted the card",
        "The content scan says safe",
        "this workspace trusts",
        "The version comes from staging",
        "Nothing that it needs is withdrawn",
    ):
        assert words in shown, words


def test_a_form_for_change_starts_from_the_rule_and_saving_it_changes_nothing(
    prod: Workspace, keeper: Actor
) -> None:
    client = browser(keeper)
    client.post(SET, EVERYTHING)
    before = standing(prod, kind="model")
    assert before is not None

    form = client.get(f"{SET}?rule={before.uuid}").context["form"]
    same = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    client.post(f"{SET}?rule={before.uuid}", same)

    after = standing(prod, kind="model")
    assert after is not None
    assert after.pk != before.pk
    assert (after.conditions, after.required_approvals) == (before.conditions, 3)
    assert not PromotionRuleProposal.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("thresholds", "accuracy 0.9", "is no line such as"),
        ("thresholds", "accuracy >= --", "is no line such as"),
        ("required_approvals", "99", "less than or equal to 20"),
        ("alias_pattern", "*a*b*c*", "at most 3 stars"),
    ],
)
def test_what_is_wrong_is_told_at_the_field_and_nothing_is_lost(
    keeper: Actor, field: str, value: str, told: str
) -> None:
    response = browser(keeper).post(SET, {**EVERYTHING, field: value})

    shown = response.content.decode()
    assert response.context["form"].errors[field]
    assert told in shown
    assert "The board asks for it." in shown
    assert not PromotionRule.objects.filter(kind="model").exists()


def test_asking_for_less_in_production_takes_another_admin(prod: Workspace, keeper: Actor) -> None:
    second = factories.member(prod, "admin")
    browser(keeper).post(SET, {"kind": "", "alias_pattern": "", "required_approvals": "1"})
    proposal = PromotionRuleProposal.objects.get()
    accept = address("proposal_accept", proposal.uuid)
    assert accept not in browser(keeper).get(PAGE).content.decode()
    assert accept in browser(second).get(address("inbox")).content.decode()
    assert "<del>2 approvals" in browser(second).get(accept).content.decode()

    own = browser(keeper).post(accept, {"reason": ""})
    assert "Nobody accepts their own proposal" in own.content.decode()
    browser(second).post(accept, {"reason": "Fine."})

    rule = standing(prod)
    assert rule is not None
    assert rule.required_approvals == 1
    history = browser(second).get(PAGE)
    assert [each.pk for each, *_ in history.context["closed"]] == [proposal.pk]
    assert [each.required_approvals for each, *_ in history.context["past"]] == [2]


def test_a_proposal_to_end_a_rule_is_rejected(prod: Workspace, keeper: Actor) -> None:
    second, rule = factories.member(prod, "admin"), standing(prod)
    assert rule is not None
    browser(keeper).post(address("rule_end", rule.uuid), {"reason": "Too slow."})
    proposal = PromotionRuleProposal.objects.get()

    browser(second).post(address("proposal_reject", proposal.uuid), {"reason": "No."})

    proposal.refresh_from_db()
    assert proposal.status == "rejected"
    assert standing(prod) == rule


def test_an_alias_rule_is_set_changed_and_ended(prod: Workspace, keeper: Actor) -> None:
    deployer = factories.member(prod, "deployer")
    assert deployer.user is not None
    client, form = browser(keeper), f"{PAGE}alias/"
    client.post(
        form,
        {
            "pattern": "prod*",
            "roles": ["approver"],
            "users": deployer.user.username,
            "groups": "",
            "kinds": ["model"],
            "states": ["active"],
            "tags": "reviewed: yes",
            "reason": "",
        },
    )
    rule = AliasRule.objects.get(valid_to=None)
    assert (rule.kinds, rule.states, rule.tags) == (["model"], ["active"], {"reviewed": "yes"})
    shown = client.get(PAGE).content.decode()
    assert f"Moved by hand by every approver, {deployer.user.username} alone" in shown
    start = client.get(f"{form}?rule={rule.uuid}").context["form"].initial
    assert (start["users"], start["tags"]) == (deployer.user.username, "reviewed: yes")

    client.post(address("alias_rule_end", rule.uuid), {"reason": ""})

    assert not AliasRule.objects.filter(valid_to=None).exists()


def test_an_unknown_account_is_told_at_its_field(prod: Workspace, keeper: Actor) -> None:
    response = browser(keeper).post(f"{PAGE}alias/", {"pattern": "x", "users": "nobody-at-all"})

    assert "nobody-at-all" in str(response.context["form"].errors["users"])


@pytest.mark.parametrize("role", ["reader", "author", "approver", "deployer", "auditor"])
def test_members_read_the_rules_and_change_none(prod: Workspace, role: str) -> None:
    client, rule = browser(factories.member(prod, role)), standing(prod)
    assert rule is not None

    shown = client.get(PAGE)

    assert shown.status_code == 200
    assert SET not in shown.content.decode()
    for form in (SET, f"{PAGE}alias/", address("rule_end", rule.uuid)):
        assert client.get(form).status_code == 403
        client.post(form, {"required_approvals": "0", "pattern": "x"})
    assert standing(prod) == rule
    assert not AliasRule.objects.exists()


def test_an_outsider_finds_no_page_and_no_form(prod: Workspace, keeper: Actor) -> None:
    rule = standing(prod)
    assert rule is not None
    made = rules.end_rule(actor=keeper, rule=rule.uuid)
    client = browser(factories.make_actor())

    for form in (
        PAGE,
        SET,
        f"{PAGE}alias/",
        address("rule_end", rule.uuid),
        address("proposal_accept", made.uuid),
        address("proposal_reject", made.uuid),
    ):
        assert client.get(form).status_code == 404
        assert client.post(form, {"reason": ""}).status_code == 404


def test_the_page_takes_as_many_queries_with_many_rules_as_with_few(
    prod: Workspace, keeper: Actor
) -> None:
    client = browser(keeper)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    def more(number: int) -> None:
        for each in range(number):
            form = {"pattern": f"a{each}-{number}*", "roles": ["admin"]}
            client.post(f"{PAGE}alias/", form)
            client.post(SET, {"alias_pattern": f"b{each}-{number}", "required_approvals": "2"})

    more(1)
    client.get(PAGE)
    few = queries()
    more(5)

    assert queries() == few <= 30
