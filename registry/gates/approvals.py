"""The approval gate: how many people must agree before a version enters a workspace."""

from __future__ import annotations

from core.canonical import canonical_digest
from registry.gates.base import Outcome, Proposal, Reason, Verdict
from registry.models import PromotionRule, Workspace


def required_approvals(target: Workspace) -> int:
    """Return how many approvals the rule in force asks for; 0 without a rule."""
    rule = PromotionRule.objects.filter(workspace=target, valid_to__isnull=True)
    return rule.values_list("required_approvals", flat=True).first() or 0


class ApprovalGate:
    """Asks for the approvals that the target workspace's rule demands."""

    name = "approvals"

    def review(self, proposal: Proposal) -> Verdict:
        """Answer with the number of approvals that are needed."""
        needed = required_approvals(proposal.target)
        if not needed:
            return Verdict(self.name, Outcome.PASS, binding=self._binding(0))
        message = f"{proposal.target.slug} asks for {needed} approval(s) of each promotion."
        return Verdict(
            self.name,
            Outcome.REQUIRE_APPROVAL,
            (Reason("approval_rule", message, detail={"required_approvals": needed}),),
            binding=self._binding(needed),
            required_approvals=needed,
        )

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        """Tell whether the rule still asks for the same."""
        return verdict.binding == self._binding(required_approvals(proposal.target))

    def _binding(self, needed: int) -> str:
        return canonical_digest({"required_approvals": needed})
