"""The threshold gate: while a threshold that denies is breached, nothing serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.canonical import canonical_digest
from registry.gates.base import Outcome, Reason, Verdict
from registry.models import ThresholdBreach, ThresholdRule

if TYPE_CHECKING:
    from registry.gates.deployments import ServingProposal


class ThresholdGate:
    """Denies while a rule in force whose effect is ``deny`` has an open breach."""

    name = "thresholds"

    def review(self, proposal: ServingProposal) -> Verdict:
        """Answer with a reason for each open breach; those that only report are told too."""
        breaches = list(
            ThresholdBreach.objects.filter(
                rule__deployment=proposal.deployment.pk,  # None of one that is not made yet
                rule__valid_to__isnull=True,
                valid_to__isnull=True,
            )
            .select_related("rule")
            .order_by("id")
        )
        denies = any(each.rule.effect == ThresholdRule.Effect.DENY for each in breaches)
        return Verdict(
            self.name,
            Outcome.REFUSE if denies else Outcome.PASS,
            tuple(_reason(each, subject=proposal.deployment.reference) for each in breaches),
            evidence=tuple(str(each.uuid) for each in breaches),
            binding=canonical_digest([[str(each.uuid), each.rule.effect] for each in breaches]),
        )


def _reason(breach: ThresholdBreach, *, subject: str) -> Reason:
    rule = breach.rule
    code = "threshold_denies" if rule.effect == ThresholdRule.Effect.DENY else "threshold_reports"
    message = (
        f"The threshold {rule.name} is breached: {rule.measure} of the {rule.period} is"
        f" {breach.value}{f' {rule.currency}' if rule.currency else ''}, the bound {rule.bound}."
    )
    detail = {
        "threshold": str(rule.uuid),
        "measure": rule.measure,
        "period": rule.period,
        "effect": rule.effect,
        "severity": rule.severity,
        "since": breach.valid_from.isoformat(),
    }
    return Reason(code, message, subject=subject, detail=detail)
