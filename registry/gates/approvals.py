"""The approval gate: how many people, and who, must agree before a version enters a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.canonical import canonical_digest
from registry.gates.base import Outcome, Proposal, Reason, Verdict
from registry.queries.rules import demand_of, rules_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.models import PromotionRule
    from registry.rules.approvals import Demand


class ApprovalGate:
    """Asks for the approvals that the target workspace's rules demand, all of them together."""

    name = "approvals"

    def review(self, proposal: Proposal) -> Verdict:
        """Answer with a reason for each rule that asks for somebody."""
        rules = rules_for(proposal)
        demanding = [(rule, demand_of(rule)) for rule in rules if demand_of(rule).people]
        return Verdict(
            self.name,
            Outcome.REQUIRE_APPROVAL if demanding else Outcome.PASS,
            tuple(_reason(rule, demand, proposal) for rule, demand in demanding),
            binding=_binding(rules),
            required_approvals=max((demand.people for _, demand in demanding), default=0),
        )

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        """Tell whether the rules still ask for the same."""
        return verdict.binding == _binding(rules_for(proposal))


def _reason(rule: PromotionRule, demand: Demand, proposal: Proposal) -> Reason:
    detail: dict[str, Any] = {
        "rule": str(rule.uuid),
        "kind": rule.kind,
        "alias_pattern": rule.alias_pattern,
        "required_approvals": demand.people,
        "approver_roles": sorted(demand.roles),
        "distinct_roles": sorted(demand.distinct_roles),
        "approval_max_age_days": demand.max_age_days,
    }
    about = f"each promotion of a {rule.kind}" if rule.kind else "each promotion"
    sentence = f"{proposal.target.slug} asks for {demand.people} approval(s) of {about}"
    if rule.alias_pattern:
        sentence += f" as {rule.alias_pattern}"
    if demand.roles:
        sentence += f", by {' or '.join(sorted(demand.roles))}"
    if demand.distinct_roles:
        sentence += f", with a person of its own for {' and '.join(sorted(demand.distinct_roles))}"
    return Reason("approval_rule", f"{sentence}.", detail=detail)


def _binding(rules: Sequence[PromotionRule]) -> str:
    demands = [demand_of(rule) for rule in rules]
    return canonical_digest(
        sorted(
            [
                demand.people,
                sorted(demand.roles),
                sorted(demand.distinct_roles),
                demand.max_age_days or 0,
            ]
            for demand in demands
            if demand.people
        )
    )
