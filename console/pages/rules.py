"""The rules of a workspace, in words: what a promotion needs, who moves which alias."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.pages import demands
from console.pages.shell import page
from registry import access
from registry.admin.mixin import actor_of
from registry.models import PromotionRuleProposal
from registry.permissions import Permission
from registry.queries.aliases import visible_alias_rules
from registry.queries.rules import visible_proposals, visible_rules
from registry.rules.conditions import parsed

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

SHOWN = 50


def rules(site: AdminSite, request: HttpRequest, slug: str) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign workspace."""
    actor = actor_of(request)
    place = access.workspace_by_slug(actor, slug)
    here = visible_rules(actor).filter(workspace=place)
    proposals = visible_proposals(actor).filter(workspace=place).order_by("-id")
    waiting = proposals.filter(status=PromotionRuleProposal.Status.OPEN)
    aliases = visible_alias_rules(actor).filter(workspace=place)
    standing = here.filter(valid_to__isnull=True).order_by("kind", "alias_pattern")
    return page(
        site,
        request,
        "console/rules.html",
        title=f"Rules of {place.slug}",
        workspace=place,
        standing=[
            (rule, demands.scope(rule.kind, rule.alias_pattern), demands.of_rule(rule))
            for rule in standing
        ],
        waiting=[(each, *in_words(each), each.proposed_by == actor.user) for each in waiting],
        alias_rules=[
            (rule, demands.of_alias_rule(rule))
            for rule in aliases.filter(valid_to__isnull=True).order_by("pattern")
        ],
        past=[
            (rule, demands.scope(rule.kind, rule.alias_pattern), demands.of_rule(rule))
            for rule in here.filter(valid_to__isnull=False).order_by("-valid_to", "-id")[:SHOWN]
        ],
        past_aliases=[
            (rule, demands.of_alias_rule(rule))
            for rule in aliases.filter(valid_to__isnull=False).order_by("-valid_to", "-id")[:SHOWN]
        ],
        closed=[
            (each, *in_words(each))
            for each in proposals.exclude(status=PromotionRuleProposal.Status.OPEN)[:SHOWN]
        ],
        may_change=access.allows(actor, Permission.CHANGE_WORKSPACE, place.pk),
    )


def in_words(proposal: PromotionRuleProposal) -> tuple[str, list[str], list[str]]:
    """Return what a proposal is about, what it takes away, and what it leaves or adds."""
    rule = proposal.replaces
    before = demands.of_rule(rule)
    after = demands.terms(proposal.required_approvals, parsed(proposal.conditions))
    return (
        demands.scope(rule.kind, rule.alias_pattern),
        [each for each in before if each not in after],
        after or ["Nothing is asked for any more"],
    )
