"""The policy gates: ask the policies of a workspace before every promotion into it, and whether a
deployment in it may serve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from policies.models import Effect
from policies.services.deployment_review import review_deployment
from policies.services.evaluation import CONFLICT, EXEMPT
from policies.services.promotion_review import current_binding, review_promotion
from registry.gates.base import Outcome, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.services.evaluation import Assessment
    from registry.gates.base import Proposal
    from registry.gates.deployments import ServingProposal

CODES = {
    Effect.DENY: "policy_denied",
    Effect.REQUIRE_APPROVAL: "policy_requires_approval",
    Effect.WARN: "policy_warned",
    Effect.AUDIT: "policy_audited",
    Effect.MODIFY: "policy_modifies",
    Effect.MANUAL: "policy_not_attested",
}
OUTCOMES = {
    Effect.DENY: Outcome.REFUSE,
    Effect.REQUIRE_APPROVAL: Outcome.REQUIRE_APPROVAL,
}
# A verdict is answered, stored and journalled whole; the decision has every finding at length.
MAX_FINDINGS = 20
MAX_NAMED = 3
MAX_TOLD = 300
SEVEREST_FIRST = (Outcome.REFUSE, Outcome.REQUIRE_APPROVAL, Outcome.PASS)


class PolicyGate:
    """Refuses under deny, and asks for a person under require_approval, whatever does not pass.

    Under both effects, states fail, error and unknown count alike: what cannot be shown to hold
    does not hold. Under the other effects, without enforcement and under an exemption they are
    told as reasons and do no more. Each rule is judged on its own, and the gravest outcome wins.
    """

    name = "policies"

    def review(self, proposal: Proposal) -> Verdict:
        """Answer with a reason for each policy that does not pass; evidence is the decisions."""
        reviewed = review_promotion(proposal)
        return verdict_of(self.name, reviewed.assessments, binding=reviewed.binding)

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        """Tell whether rules, configurations, exemptions and evaluations are what was judged."""
        return verdict.binding == current_binding(proposal)


class DeploymentPolicyGate:
    """Denies a deployment whose configuration does not pass what is enforced under ``deny``, or
    under ``require_approval``: nobody approves a deployment, an exemption is the way."""

    name = "policies"

    def review(self, proposal: ServingProposal) -> Verdict:
        """Answer with a reason for each policy that does not pass; evidence is the decisions."""
        reviewed = review_deployment(proposal)
        return verdict_of(self.name, reviewed.assessments, binding=reviewed.binding)


def verdict_of(name: str, assessments: Sequence[Assessment], *, binding: str) -> Verdict:
    """Return the verdict over all assessments: each counts on its own, the gravest wins."""
    notable = [each for each in assessments if not each.stands]
    ranked = sorted(notable, key=lambda each: SEVEREST_FIRST.index(_outcome(each)))
    outcome = _outcome(ranked[0]) if ranked else Outcome.PASS
    return Verdict(
        name,
        outcome,
        tuple(_reason(each) for each in ranked),
        evidence=tuple(str(each.decision.uuid) for each in assessments),
        binding=binding,
        required_approvals=1 if outcome is Outcome.REQUIRE_APPROVAL else 0,
    )


def _outcome(assessment: Assessment) -> Outcome:
    rule = assessment.question.rule
    if assessment.state == EXEMPT or not rule.is_enforced:
        return Outcome.PASS
    return OUTCOMES.get(rule.effect, Outcome.PASS)


def _reason(assessment: Assessment) -> Reason:
    question, decision = assessment.question, assessment.decision
    version, assignment = question.rule.policy_version, question.rule.assignment
    detail: dict[str, Any] = {
        "policy": version.policy.name,
        "version": version.number,
        "policy_digest": version.digest,
        "assignment": str(assignment.uuid),
        "effect": question.rule.effect.value,
        "is_enforced": question.rule.is_enforced,
        "state": assessment.state,
        "policy_state": decision.state,
        "severity": version.severity,
        "controls": list(version.described.controls),
        "findings": decision.findings[:MAX_FINDINGS],
        "findings_count": len(decision.findings),
        "error": decision.error,
        "decision": str(decision.uuid),
        "remediation": version.described.remediation,
    }
    detail |= _of_effect(assessment)
    if assessment.exemption is not None:
        exemption = assessment.exemption
        detail["exemption"] = {
            "uuid": str(exemption.uuid),
            "category": exemption.category,
            "expires_at": exemption.expires_at.isoformat(),
        }
    return Reason(_code(assessment), _message(assessment), question.subject, detail)


def _of_effect(assessment: Assessment) -> dict[str, Any]:
    """What only some effects have to tell. Values of a patch are told as JSON text: the journal
    takes no floats."""
    question = assessment.question
    told: dict[str, Any] = {}
    if question.attestation is not None:
        told["attestation"] = str(question.attestation.uuid)
    if question.rule.effect == Effect.MODIFY:
        told["modify"] = [
            {name: json.dumps(each[name]) if name == "value" else each[name] for name in each}
            for each in question.rule.policy_version.described.modify
        ]
        told["conflicts_with"] = [
            rule.policy_version.reference for rule in assessment.conflicts_with
        ]
    return told


def _code(assessment: Assessment) -> str:
    if assessment.state == EXEMPT:
        return "policy_exempted"
    rule = assessment.question.rule
    if assessment.state == CONFLICT:
        return "policy_conflict"
    return CODES[rule.effect] if rule.is_enforced else "policy_not_enforced"


def _message(assessment: Assessment) -> str:
    """What the policy asks for, what it found, and what the assignment has to say about it."""
    decision = assessment.decision
    found = "; ".join(each["msg"][:MAX_TOLD] for each in decision.findings[:MAX_NAMED])
    more = len(decision.findings) - MAX_NAMED
    told = found or decision.error[:MAX_TOLD] or "no reason was given"
    parts = [
        f"{assessment.question.rule.policy_version.title}: {decision.state}: {told}",
        f"and {more} more" if more > 0 else "",
        _contradiction(assessment),
    ]
    sentence = " ".join(part for part in parts if part).rstrip(".") + "."
    return f"{sentence} {assessment.question.rule.assignment.message}".strip()


def _contradiction(assessment: Assessment) -> str:
    others = [rule.policy_version.title for rule in assessment.conflicts_with[:MAX_NAMED]]
    return f"(what would mend it contradicts {', '.join(others)})" if others else ""
