"""What the policy gate rests on: configurations, exemptions, and what an approver saw."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from core.errors import Conflict
from policies.gate import PolicyGate
from policies.models import PolicyVersion
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
    waiting.refresh_from_db()
    fresh = decide.decide(
        actor=approver, promotion=waiting.uuid, decision="approved", binding=waiting.binding
    )
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
