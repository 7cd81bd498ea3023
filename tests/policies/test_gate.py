"""The policy gate, through promotions, with the real embedded engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from core.errors import Conflict
from policies.gate import PolicyGate
from policies.models import Decision, PolicyVersion
from policies.services import assignments, resources
from registry.gates.base import Proposal
from registry.models import Promotion, Workspace
from registry.queries.closure import closure_of
from registry.services.promotions import decide
from tests.factories import (
    administrator,
    make_prompt,
    make_workspace,
    member,
    reference,
)
from tests.policies.estate import (
    CLOSED,
    OPEN,
    TICKET_RULE,
    WORKSPACE_TYPE,
    assign,
    exempt,
    make_policy,
    promote,
    reasons,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_opa")]

COMPLETED, REFUSED = Promotion.Status.COMPLETED, Promotion.Status.REFUSED
AWAITING = Promotion.Status.AWAITING_APPROVAL


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
    settings.POLICY_TIMEOUT_SECONDS = 1
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
    terms = assignments.Terms(effect="deny", excluded=["two"])
    held = assignments.assign(
        actor=administrator(), scope="stage/production", policy=policy.policy.name, terms=terms
    )

    assert promote(ref, first, reason="because").status == REFUSED
    assert promote(ref, second, reason="because").status == COMPLETED
    assert promote(ref, make_workspace("three", stage="staging")).status == COMPLETED

    assignments.end(actor=administrator(), assignment=held.uuid)
    assert promote(ref, first, reason="because").status == COMPLETED


def test_a_declaration_cannot_cover_up_an_observation(prod: Workspace, ref: str) -> None:
    assign(make_policy(), prod)
    submit(prod, CLOSED, provenance="declared")
    assert promote(ref, prod).status == COMPLETED

    submit(prod, OPEN, observed_at=timezone.now() - timedelta(days=2))
    submit(prod, CLOSED, provenance="declared")

    assert promote(ref, prod).status == REFUSED


def test_an_older_observation_that_arrives_late_does_not_count(prod: Workspace, ref: str) -> None:
    assign(make_policy(), prod)
    submit(prod, CLOSED, observed_at=timezone.now() - timedelta(days=1))
    submit(prod, OPEN, observed_at=timezone.now() - timedelta(days=2))

    assert promote(ref, prod).status == COMPLETED


def test_an_observation_that_is_too_old_is_unknown(prod: Workspace, ref: str) -> None:
    assign(make_policy(), prod)
    submit(prod, CLOSED, observed_at=timezone.now() - timedelta(days=31))

    refused = promote(ref, prod)

    assert refused.status == REFUSED
    assert reasons(refused)[0]["detail"]["policy_state"] == "unknown"
    assert "older than 30 days" in reasons(refused)[0]["message"]


def test_retiring_the_only_resource_leaves_nothing_known(prod: Workspace, ref: str) -> None:
    assign(make_policy(), prod)
    snapshot = submit(prod, OPEN)

    resources.retire(actor=administrator(), resource=snapshot.resource.uuid)
    assert promote(ref, prod).status == REFUSED

    submit(prod, CLOSED)
    assert promote(ref, prod).status == COMPLETED


def test_an_exemption_lets_through_and_keeps_the_state_visible(prod: Workspace, ref: str) -> None:
    assignment = assign(make_policy(), prod)
    submit(prod, OPEN)
    until = timezone.now() + timedelta(days=1)
    exempt(assignment, prod, asked_by=member(prod, "deployer"), expires_at=until)

    completed = promote(ref, prod)

    (reason,) = reasons(completed)
    assert completed.status == COMPLETED
    assert reason["code"] == "policy_exempted"
    assert (reason["detail"]["state"], reason["detail"]["policy_state"]) == ("exempt", "fail")
    assert reason["detail"]["exemption"]["category"] == "waiver"


def test_an_exemption_of_one_resource_does_not_cover_another(prod: Workspace, ref: str) -> None:
    assignment = assign(make_policy(), prod)
    covered = submit(prod, OPEN, external_id="acme-1")
    until = timezone.now() + timedelta(days=1)
    deployer = member(prod, "deployer")
    exempt(assignment, prod, asked_by=deployer, expires_at=until, resource=covered.resource.uuid)
    assert promote(ref, prod).status == COMPLETED

    submit(prod, OPEN, external_id="acme-2")

    assert promote(ref, prod).status == REFUSED


def test_an_exemption_of_one_asset_does_not_cover_another(prod: Workspace, ref: str) -> None:
    assignment = assign(make_policy(TICKET_RULE, kinds=("promotion",)), prod)
    until = timezone.now() + timedelta(days=1)
    deployer = member(prod, "deployer")
    exempt(assignment, prod, asked_by=deployer, expires_at=until, asset="prompt/answer")
    other = reference(make_prompt(Workspace.objects.get(slug="dev"), name="other"))

    assert promote(ref, prod, reason="because").status == COMPLETED
    assert promote(other, prod, reason="because").status == REFUSED


def test_an_expired_exemption_does_not_count(
    prod: Workspace, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = assign(make_policy(), prod)
    submit(prod, OPEN)
    until = timezone.now() + timedelta(days=1)
    exempt(assignment, prod, asked_by=member(prod, "deployer"), expires_at=until)

    monkeypatch.setattr("policies.queries.exemptions.timezone.now", lambda: until)

    assert promote(ref, prod).status == REFUSED


def test_an_approval_is_for_what_the_approver_saw(prod: Workspace, ref: str) -> None:
    assign(make_policy(), prod, "require_approval")
    submit(prod, OPEN)
    waiting = promote(ref, prod)
    approver = member(prod, "approver")

    submit(prod, {**OPEN, "location": "elsewhere"})

    with pytest.raises(Conflict, match="not what you looked at"):
        decide.decide(
            actor=approver,
            promotion=waiting.uuid,
            decision="approved",
            binding=waiting.binding,
        )
    fresh = decide.decide(actor=approver, promotion=waiting.uuid, decision="approved")
    assert fresh.status == COMPLETED


def test_observing_the_same_again_leaves_approvals_standing(prod: Workspace, ref: str) -> None:
    assign(make_policy(), prod, "require_approval")
    submit(prod, OPEN, observed_at=timezone.now() - timedelta(days=1))
    waiting = promote(ref, prod)

    submit(prod, OPEN)

    completed = decide.decide(
        actor=member(prod, "approver"),
        promotion=waiting.uuid,
        decision="approved",
        binding=waiting.binding,
    )
    assert completed.status == COMPLETED


def test_the_verdict_falls_with_whatever_it_rests_on(prod: Workspace) -> None:
    version = make_prompt(make_workspace("dev"), name="answer")
    policy = make_policy()
    first = assign(policy, prod)
    submit(prod, CLOSED)
    proposal = Proposal(
        promotion=version.uuid,
        version=version,
        target=prod,
        alias="",
        reason="T-1",
        closure=closure_of(version, actor=administrator()),
        requested_by=administrator(),
        reviewed_at=timezone.now(),
    )
    gate = PolicyGate()

    def exempted() -> None:
        until = timezone.now() + timedelta(days=1)
        exempt(first, prod, asked_by=member(prod, "deployer"), expires_at=until)

    for change in (
        lambda: assign(policy, prod, "audit"),
        lambda: assignments.end(actor=administrator(), assignment=first_of(policy, "audit")),
        lambda: submit(prod, OPEN),
        exempted,
    ):
        verdict = gate.review(proposal)
        assert gate.still_stands(proposal, verdict)
        change()
        assert not gate.still_stands(proposal, verdict)


def first_of(policy: PolicyVersion, effect: str) -> UUID:
    """The assignment of the policy with that effect."""
    return policy.assignments.get(effect=effect).uuid
