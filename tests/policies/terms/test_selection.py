"""Kinds, tags, overrides and defaults of members decide which rules are asked about what."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import InvalidInput
from policies.models import Effect
from policies.queries.assignments import rules_by_workspace
from policies.queries.configurations import configurations_by_workspace
from policies.queries.questions import configuration_questions
from policies.queries.selection import selects, tags_of_document, tags_of_version
from policies.services import assignments, sets
from policies.services.terms import Terms
from registry.models import Promotion, Workspace
from registry.models.tag import AssetTag, VersionTag
from tests.factories import administrator, make_model, make_workspace, reference
from tests.policies.estate import (
    TICKET_RULE,
    WORKSPACE_TYPE,
    assign,
    make_policy,
    promote,
    reasons,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]
ANYTHING = ("configuration",)


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


def subjects(place: Workspace) -> list[str]:
    """What the rules in force ask about, told by name."""
    rules = rules_by_workspace([place])[place.pk]
    configurations = configurations_by_workspace([place])[place.pk]
    return [each.subject for each in configuration_questions(place, rules, configurations)]


def test_kinds_leave_the_policy_only_some_types(prod: Workspace) -> None:
    submit(prod, {}, external_id="a")
    submit(prod, {}, external_id="b", kind="Acme/computes")
    assign(make_policy(kinds=ANYTHING), prod, kinds=["acme/COMPUTES"])

    assert subjects(prod) == ["Acme/computes b"]


def test_a_policy_on_other_kinds_than_the_assignment_asks_nothing(prod: Workspace) -> None:
    submit(prod, {})
    assign(make_policy(), prod, kinds=["model"])

    assert subjects(prod) == []


def test_nothing_of_the_kinds_is_unknown_and_says_which(prod: Workspace) -> None:
    assign(make_policy(kinds=ANYTHING), prod, kinds=["Acme/computes"])
    (rule,) = rules_by_workspace([prod])[prod.pk]

    (question,) = configuration_questions(prod, [rule], [])

    assert "of type Acme/computes" in question.unanswerable


def test_an_asset_kind_limits_rules_about_promotions(prod: Workspace) -> None:
    assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod, kinds=["prompt"])
    version = make_model(make_workspace("dev"))

    promotion = promote(reference(version), prod, reason="none")

    assert promotion.status == Promotion.Status.COMPLETED
    assert reasons(promotion) == []


def test_tags_of_a_configuration_decide_and_silence_is_no_way_around(prod: Workspace) -> None:
    submit(prod, {"tags": {"Env": "prod"}}, external_id="in")
    submit(prod, {"tags": {"env": "test"}}, external_id="out")
    submit(prod, {}, external_id="silent")
    assign(make_policy(), prod, tags={"env": ["prod", "staging"]})

    assert subjects(prod) == [f"{WORKSPACE_TYPE} in", f"{WORKSPACE_TYPE} silent"]


@pytest.mark.parametrize(
    ("configuration", "fields", "expected"),
    [
        ({"tags": {"a": "b"}}, None, {"a": "b"}),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, None, {"a": "b"}),
        ({"labels": {"a": "b"}}, None, {"a": "b"}),
        ({"custom_tags": [{"key": "a", "value": "b"}]}, None, {"a": "b"}),
        ({"tags": {}}, None, {}),
        # What only a deployment settles.
        ({"tags": {"a": "[parameters('a')]", "c": "d"}}, None, {"a": None, "c": "d"}),
        ({"tags": {"[variables('a')]": "b"}}, None, None),
        ({"tags": "[parameters('tags')]"}, {"tags": "declared"}, None),
        ({"Tags": [{"Key": "a", "Value": {"Ref": "A"}}]}, None, {"a": None}),
        ({"Tags": [{"Key": {"Ref": "A"}, "Value": "b"}]}, None, None),
        (
            {"Tags": [{"Fn::If": ["x", {"Key": "a", "Value": "b"}, {}]}]},
            None,
            None,
        ),
        ({"labels": {"a": None}}, None, {"a": None}),
        ({}, {"tags": "absent"}, {}),
        ({}, {"tags": "unknown"}, None),
        ({}, None, None),
        (None, None, None),
    ],
)
def test_tags_are_read_where_the_platforms_keep_them(
    configuration: Any, fields: Any, expected: dict[str, str | None] | None
) -> None:
    document = {"configuration": configuration} | ({"fields": fields} if fields else {})

    assert tags_of_document(document) == expected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({}, True),
        ({"team": ["search"]}, True),
        ({"TEAM": []}, True),
        ({"team": ["other"]}, False),
        ({"team": ["search"], "tier": ["1"]}, False),
    ],
)
def test_every_tag_of_a_selector_must_be_there(
    selector: dict[str, list[str]], expected: bool
) -> None:
    assert selects(selector, {"team": "search"}) is expected


def test_a_tag_whose_value_only_a_deployment_gives_may_be_any() -> None:
    tags = {"team": "search", "env": None}

    assert selects({"env": ["prod"], "team": ["search"]}, tags)
    assert not selects({"env": ["prod"], "team": ["other"]}, tags)


def test_tags_of_a_version_and_its_asset_decide_about_promotions(prod: Workspace) -> None:
    version = make_model(make_workspace("dev"))
    AssetTag.objects.create(asset=version.asset, key="tier", value="1", value_head="1")
    AssetTag.objects.create(asset=version.asset, key="team", value="a", value_head="a")
    VersionTag.objects.create(version=version, key="team", value="b", value_head="b")
    policy = make_policy(TICKET_RULE, kinds=("promotion",))
    assign(policy, prod, tags={"team": ["b"], "tier": ["1"]}, effect="warn")
    assign(policy, prod, tags={"team": ["a"]}, effect="audit")

    promotion = promote(reference(version), prod, reason="none")

    assert [each["code"] for each in reasons(promotion)] == ["policy_warned"]
    copy = promotion.target_version
    assert copy is not None
    assert tags_of_version(copy) == {"team": "b", "tier": "1"}


def make_set(**said: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """A set with a member for each keyword, and the policies' names by it."""
    names = {key: make_policy(parameters=("limit", "other")).policy.name for key in said}
    version = sets.create_version(
        actor=administrator(),
        name="the-set",
        title="The set",
        members=[{"policy": names[key], "reference_id": key, **said[key]} for key in said],
    )
    return version.reference, names


def test_an_override_comes_before_the_member_and_the_member_before_the_assignment(
    prod: Workspace,
) -> None:
    reference_of_set, _ = make_set(
        a={}, b={"effect": "audit"}, c={"effect": "audit"}, d={"effect": "disabled"}
    )
    assignments.assign(
        actor=administrator(),
        scope="workspace/prod",
        policy_set=reference_of_set,
        terms=Terms(effect="deny", overrides={"c": "warn"}),
    )

    found = {each.reference_id: each.effect for each in rules_by_workspace([prod])[prod.pk]}

    assert found == {"a": Effect.DENY, "b": Effect.AUDIT, "c": Effect.WARN}


def test_a_disabled_assignment_leaves_only_its_overrides(prod: Workspace) -> None:
    reference_of_set, _ = make_set(a={"effect": "audit"}, b={})
    assignments.assign(
        actor=administrator(),
        scope="workspace/prod",
        policy_set=reference_of_set,
        terms=Terms(effect="disabled", overrides={"b": "warn"}),
    )

    found = [(each.reference_id, each.effect) for each in rules_by_workspace([prod])[prod.pk]]

    assert found == [("b", Effect.WARN)]


def test_parameters_of_the_assignment_lie_over_those_of_the_member(prod: Workspace) -> None:
    reference_of_set, _ = make_set(a={"parameters": {"limit": 1, "other": 2}})
    assignments.assign(
        actor=administrator(),
        scope="workspace/prod",
        policy_set=reference_of_set,
        terms=Terms(effect="audit", parameters={"a": {"limit": 5}}),
    )

    (rule,) = rules_by_workspace([prod])[prod.pk]

    assert rule.parameters == {"limit": 5, "other": 2}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"overrides": {"a": "warn"}}, "overrides"),
        ({"effect": "modify"}, "effect"),
        ({"kinds": [""]}, "kinds"),
        ({"tags": {"": []}}, "tags."),
        ({"tags": {"a": ["x" * 501]}}, "tags.a"),
        ({"percent": 0}, "percent"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    prod: Workspace, terms: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        assign(make_policy(), prod, **{"effect": "audit", **terms})

    assert caught.value.errors[0].field == field


def test_an_override_must_not_gate_with_an_unchecked_policy(prod: Workspace) -> None:
    unchecked = make_policy(checked=False).policy.name
    version = sets.create_version(
        actor=administrator(), name="s", title="S", members=[{"policy": unchecked}]
    )

    with pytest.raises(InvalidInput, match="OPA has not compiled"):
        assignments.assign(
            actor=administrator(),
            scope="workspace/prod",
            policy_set=version.reference,
            terms=Terms(effect="audit", overrides={unchecked: "deny"}),
        )
