"""The gate that holds a promotion against the conditions of every rule that is about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.canonical import canonical_digest
from registry.gates.base import Outcome, Proposal, Reason, Verdict
from registry.gates.rules.cards import check_card
from registry.gates.rules.evaluations import check_thresholds
from registry.gates.rules.knowledge import Knowledge
from registry.gates.rules.standing import check_scan, check_signature, check_stage, check_state
from registry.queries.rules import judged_members, rules_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from registry.models import AssetVersion, PromotionRule


class RuleGate:
    """Refuses what misses a condition of any rule, and says all that is missed.

    A rule on a kind judges every member of that kind. One without kind asks the promoted version
    for evaluations, card and signature, and every member for scan and state of life. A member that
    is in the target already met its rules when it came; what may have changed about it since,
    scan and state, is asked again.
    """

    name = "rules"

    def review(self, proposal: Proposal) -> Verdict:
        """Answer with a reason for each condition that is missed."""
        reasons, binding = _judge(proposal, now=proposal.reviewed_at)
        outcome = Outcome.REFUSE if reasons else Outcome.PASS
        rules = tuple(str(rule.uuid) for rule in rules_for(proposal) if rule.conditions)
        return Verdict(self.name, outcome, tuple(reasons), evidence=rules, binding=binding)

    def still_stands(self, proposal: Proposal, verdict: Verdict) -> bool:
        """Tell whether the same conditions find the same facts, and nothing has become too old."""
        reasons, binding = _judge(proposal, now=timezone.now())
        return binding == verdict.binding and bool(reasons) == (verdict.outcome is Outcome.REFUSE)


def _judge(proposal: Proposal, *, now: datetime) -> tuple[list[Reason], str]:
    """Return what is missed, and the digest of the conditions and of all that they looked at."""
    known = Knowledge(proposal, now=now)
    rules = [rule for rule in rules_for(proposal) if rule.conditions]
    found = [reason for rule in rules for reason in _missed(rule, known)]
    asked = sorted(
        canonical_digest([rule.kind, rule.alias_pattern, rule.conditions]) for rule in rules
    )
    distinct = {(each.code, each.message): each for each in found}
    return list(distinct.values()), canonical_digest({"rules": asked, "seen": known.seen})


def _missed(rule: PromotionRule, known: Knowledge) -> Iterator[Reason]:
    conditions, proposal = rule.parsed, known.proposal
    yield from check_stage(conditions, proposal)
    for version in _asked_in_full(rule, proposal):
        yield from check_thresholds(conditions, version, known)
        yield from check_card(conditions, version, known)
        yield from check_signature(conditions, version, known)
    for version in judged_members(rule, proposal):
        yield from check_scan(conditions, version, known)
        yield from check_state(conditions, version, known)


def _asked_in_full(rule: PromotionRule, proposal: Proposal) -> list[AssetVersion]:
    members = judged_members(rule, proposal) if rule.kind else (proposal.version,)
    return [each for each in members if each.asset.workspace_id != proposal.target.pk]
