"""The policy gate, through promotions, with the real embedded engine."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from policies.engines import lint
from policies.models import Decision
from policies.services import assignments
from policies.services.terms import Terms
from registry.models import Promotion, Workspace
from tests.factories import (
    administrator,
    make_prompt,
    make_workspace,
    reference,
)
from tests.policies.estate import (
    CLOSED,
    OPEN,
    TICKET_RULE,
    WORKSPACE_TYPE,
    assign,
    make_policy,
    promote,
    reasons,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]

COMPLETED, REFUSED = Promotion.Status.COMPLETED, Promotion.Status.REFUSED
AWAITING = Promotion.Status.AWAITING_APPROVAL


# regopy takes 9 for more than 10: OPA fails this, and regopy passes it.
NUMBERS_IN_AN_ORDER = """
verdict := {"state": "pass", "findings": []} if max([9, 10]) == 9
else := {"state": "fail", "findings": [{"msg": "10", "path": ""}]}
"""


@pytest.fixture
def prod() -> Workspace:
    return make_workspace("prod", stage="production")


@pytest.fixture
def ref() -> str:
    return reference(make_prompt(make_workspace("dev"), name="answer"))


def test_a_failing_configuration_refuses_and_says_what_to_mend(prod: Workspace, ref: str) -> None:
    policy = make_policy()
    assign(policy, prod, message="Ask the platform team.")
    submit(prod, OPEN)

    refused = promote(ref, prod)

    (reason,) = reasons(refused)
    assert refused.status == REFUSED
    assert reason["code"] == "policy_denied"
    assert reason["subject"] == f"{WORKSPACE_TYPE} acme-1"
    assert reason["message"] == (f"{policy.title}: fail: it is open. Ask the platform team.")
    decision = Decision.objects.get()
    assert reason["detail"]["decision"] == str(decision.uuid)
    assert reason["detail"]["findings"] == [{"msg": "it is open", "path": "properties.public"}]
    assert reason["detail"]["remediation"] == "Close it."


def test_a_compliant_configuration_lets_the_promotion_through(prod: Workspace, ref: str) -> None:
    assign(make_policy(), prod)
    submit(prod, OPEN)
    assert promote(ref, prod).status == REFUSED

    submit(prod, CLOSED)

    assert promote(ref, prod).status == COMPLETED


def test_a_text_that_the_lint_of_today_refuses_refuses_on_the_embedded_engine(
    prod: Workspace, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(lint, "check", lambda _: [])
        assign(make_policy(NUMBERS_IN_AN_ORDER), prod)
    submit(prod, CLOSED)

    refused = promote(ref, prod)

    (reason,) = reasons(refused)
    assert (refused.status, reason["detail"]["policy_state"]) == (REFUSED, "error")
    assert "could answer otherwise than OPA" in Decision.objects.get().error


@pytest.mark.parametrize("effect", ["deny", "require_approval"])
def test_a_workspace_that_told_nothing_is_unknown_and_not_compliant(
    prod: Workspace, ref: str, effect: str
) -> None:
    assign(make_policy(), prod, effect)
    submit(prod, CLOSED, kind="Acme.Other/things")

    answered = promote(ref, prod)

    (reason,) = reasons(answered)
    assert answered.status == (REFUSED if effect == "deny" else AWAITING)
    assert reason["detail"]["policy_state"] == "unknown"
    assert f"no configuration of a resource of type {WORKSPACE_TYPE}" in reason["message"]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('verdict := {"state": "pass", "findings": []} if input.nothing', "undefined"),
        ('verdict := {"state": "fine", "findings": []}', "state must be one of"),
        ('verdict := {"state": "pass"}', "exactly the keys"),
        ("verdict := true", "must be an object"),
        ('verdict := {"state": "fail", "findings": []}', "must say why"),
    ],
)
def test_what_is_no_verdict_never_passes(prod: Workspace, ref: str, rule: str, told: str) -> None:
    assign(make_policy(rule, kinds=("promotion",)), prod)

    refused = promote(ref, prod)

    (reason,) = reasons(refused)
    assert refused.status == REFUSED
    assert reason["detail"]["state"] == "error"
    assert told in reason["detail"]["error"]


def test_a_policy_that_does_not_end_is_stopped_and_refuses_alone(
    prod: Workspace, ref: str, settings: Settings
) -> None:
    settings.POLICY_TIMEOUT_SECONDS = 3  # of which the sound one gets enough too
    numbers = "numbers.range(1, 100000)"
    endless = f"""
verdict := {{"state": "pass", "findings": []}} if {{
	count([1 | some a in {numbers}; some b in {numbers}; a * b == 0]) == 0
}}
"""
    assign(make_policy(endless, kinds=("promotion",)), prod)
    assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod)

    refused = promote(ref, prod)

    assert refused.status == REFUSED
    assert [each["detail"]["state"] for each in reasons(refused)] == ["error"]
    assert sorted(Decision.objects.values_list("state", flat=True)) == ["error", "pass"]


def test_without_an_engine_deny_refuses_and_audit_records(
    prod: Workspace, ref: str, settings: Settings
) -> None:
    settings.OPA_URL = "http://127.0.0.1:9"
    audited = assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod, "audit")
    assert promote(ref, prod).status == COMPLETED

    assignments.end(actor=administrator(), assignment=audited.uuid)
    assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod, "deny")

    refused = promote(ref, prod)

    assert refused.status == REFUSED
    assert reasons(refused)[0]["detail"]["error"].startswith("EngineUnavailable")
    assert set(Decision.objects.values_list("state", flat=True)) == {"error"}


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"effect": "audit"}, "policy_audited"),
        ({"effect": "warn"}, "policy_warned"),
        ({"effect": "deny", "is_enforced": False}, "policy_not_enforced"),
    ],
)
def test_milder_effects_are_told_and_hold_nothing_up(
    prod: Workspace, ref: str, terms: dict[str, Any], code: str
) -> None:
    policy = make_policy(TICKET_RULE, kinds=("promotion",))
    assign(policy, prod, **terms)

    completed = promote(ref, prod, reason="because")

    assert completed.status == COMPLETED
    assert [each["code"] for each in reasons(completed)] == [code]


def test_a_disabled_assignment_asks_nothing(prod: Workspace, ref: str) -> None:
    assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod, "disabled")

    assert promote(ref, prod, reason="because").status == COMPLETED
    assert not Decision.objects.exists()


def test_the_most_restrictive_assignment_wins(prod: Workspace, ref: str) -> None:
    policy = make_policy(TICKET_RULE, kinds=("promotion",))
    for effect in ("audit", "deny", "require_approval"):
        assign(policy, prod, effect)

    refused = promote(ref, prod, reason="because")

    assert refused.status == REFUSED
    assert [each["detail"]["effect"] for each in reasons(refused)] == [
        "deny",
        "require_approval",
        "audit",
    ]


def test_a_policy_on_flows_is_not_asked_about_a_prompt(prod: Workspace, ref: str) -> None:
    assign(make_policy(TICKET_RULE, kinds=("promotion/flow",)), prod)

    assert promote(ref, prod, reason="because").status == COMPLETED


def test_a_stage_is_covered_but_for_its_exclusions(ref: str) -> None:
    first, second = (make_workspace(slug, stage="production") for slug in ("one", "two"))
    policy = make_policy(TICKET_RULE, kinds=("promotion",))
    terms = Terms(effect="deny", excluded=["two"])
    held = assignments.assign(
        actor=administrator(), scope="stage/production", policy=policy.policy.name, terms=terms
    )

    assert promote(ref, first, reason="because").status == REFUSED
    assert promote(ref, second, reason="because").status == COMPLETED
    assert promote(ref, make_workspace("three", stage="staging")).status == COMPLETED

    assignments.end(actor=administrator(), assignment=held.uuid)
    assert promote(ref, first, reason="because").status == COMPLETED


def test_a_verdict_tells_a_few_of_many_findings_and_the_decision_all(
    prod: Workspace, ref: str
) -> None:
    rule = """
verdict := {"state": "fail", "findings": findings}

findings := [{"msg": json.marshal(n), "path": "reason"} | some n in numbers.range(1, 50)]
"""
    assign(make_policy(rule, kinds=("promotion",)), prod)

    (reason,) = reasons(promote(ref, prod))

    assert reason["message"].endswith("and 47 more.")
    assert (len(reason["detail"]["findings"]), reason["detail"]["findings_count"]) == (20, 50)
    assert len(Decision.objects.get().findings) == 50
