"""Which rules hold for a promotion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.references import caseless
from registry import access
from registry.effective_access import of_user
from registry.models import PromotionRule, PromotionRuleProposal
from registry.permissions import Permission
from registry.rules.approvals import Demand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.gates.base import Proposal
    from registry.models import AssetVersion, Workspace


def visible_rules(actor: Actor) -> QuerySet[PromotionRule]:
    """Return the rules, past ones included, of workspaces that ``actor`` may see."""
    return PromotionRule.objects.filter(access.in_reach(actor)).select_related(
        "workspace", "set_by"
    )


def visible_proposals(actor: Actor) -> QuerySet[PromotionRuleProposal]:
    """Return the proposals to ask for less, closed ones included, of workspaces that ``actor`` may
    see."""
    related = ("workspace", "replaces", "proposed_by", "closed_by")
    return PromotionRuleProposal.objects.filter(access.in_reach(actor)).select_related(*related)


def rules_in_force(target: Workspace) -> tuple[PromotionRule, ...]:
    """Return the rules that hold now for promotions into ``target``."""
    rules = PromotionRule.objects.filter(workspace=target, valid_to__isnull=True)
    return tuple(rules.order_by("kind", "alias_pattern"))


def required_approvals(target: Workspace) -> int:
    """Return how many approvals the rule on everything asks for; 0 without one."""
    rule = PromotionRule.objects.filter(
        workspace=target, kind="", alias_pattern="", valid_to__isnull=True
    )
    return rule.values_list("required_approvals", flat=True).first() or 0


def rules_for(proposal: Proposal) -> tuple[PromotionRule, ...]:
    """Return every rule of the target that is about the proposal: they hold together.

    A rule on a kind is about a promotion that takes any member of that kind along, so that
    nothing gets around it inside of something else.
    """
    kinds = {member.asset.kind for member in proposal.closure.members}
    rules = rules_in_force(proposal.target) if proposal.rules is None else proposal.rules
    return tuple(rule for rule in rules if is_about(rule, kinds=kinds, alias=proposal.alias))


def is_about(rule: PromotionRule, *, kinds: Collection[str], alias: str) -> bool:
    """Tell whether a promotion of versions of ``kinds`` as ``alias`` falls under the rule."""
    if rule.kind and rule.kind not in kinds:
        return False
    return not rule.alias_pattern or matches(rule.alias_pattern, alias)


def matches(pattern: str, alias: str) -> bool:
    """Tell whether ``alias``, in whatever spelling, fits a pattern in which * is any text."""
    if not alias:
        return False
    parts = [re.escape(caseless(part)) for part in pattern.split("*")]
    return re.fullmatch(".*".join(parts), caseless(alias), flags=re.DOTALL) is not None


def judged_members(rule: PromotionRule, proposal: Proposal) -> tuple[AssetVersion, ...]:
    """Return the members that the rule is about: those of its kind, or all."""
    members = proposal.closure.members
    return tuple(each for each in members if not rule.kind or each.asset.kind == rule.kind)


def demand_of(rule: PromotionRule) -> Demand:
    """Return whose approval the rule asks for."""
    conditions = rule.parsed
    return Demand(
        count=rule.required_approvals,
        roles=conditions.approver_roles,
        distinct_roles=conditions.distinct_roles,
        max_age_days=conditions.approval_max_age_days,
    )


def calling_roles(actor: Actor) -> dict[int, frozenset[str]]:
    """Return the roles that ``actor`` holds in workspaces where a rule calls on one of them."""
    in_scope = actor.scopes is None or Permission.APPROVE.value in actor.scopes
    if actor.user is None or not in_scope:
        return {}
    rules = PromotionRule.objects.filter(access.in_reach(actor), valid_to__isnull=True)
    called: dict[int, frozenset[str]] = {}
    for rule in rules.exclude(conditions={}):
        called[rule.workspace_id] = (
            called.get(rule.workspace_id, frozenset()) | demand_of(rule).named_roles
        )
    if not any(called.values()):
        return {}
    held = of_user(actor.user, epoch=actor.access_epoch).roles
    return {pk: held[pk] for pk, names in called.items() if names & held.get(pk, frozenset())}


def named_roles(rules: Iterable[PromotionRule]) -> frozenset[str]:
    """Return the roles whose holders the rules call on, whatever else these may do."""
    return frozenset(role for rule in rules for role in demand_of(rule).named_roles)
