"""The approval inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.pages.rules import in_words
from console.pages.shell import page
from registry import access
from registry.admin.mixin import actor_of
from registry.models import AccessRequest, Promotion, PromotionRuleProposal
from registry.permissions import Permission
from registry.queries.catalogue.discoverable import visible_requests
from registry.queries.promotions import awaiting, visible_promotions
from registry.queries.rules import visible_proposals

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

SHOWN = 100


def inbox(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return what waits for the user's decision, and the user's own open requests."""
    actor = actor_of(request)
    own = visible_promotions(actor).filter(
        requested_by=actor.user, status=Promotion.Status.AWAITING_APPROVAL
    )
    asked = visible_requests(actor).filter(status=AccessRequest.Status.PENDING).order_by("id")
    to_manage = access.in_reach(actor, permission=Permission.MANAGE_MEMBERS)
    to_change = access.in_reach(actor, permission=Permission.CHANGE_WORKSPACE)
    less = (
        visible_proposals(actor)
        .filter(to_change, status=PromotionRuleProposal.Status.OPEN)
        .exclude(proposed_by=actor.user)
        .order_by("id")
    )
    return page(
        site,
        request,
        "console/inbox.html",
        title="Approvals",
        awaiting=awaiting(actor)[:SHOWN],
        mine=own.order_by("-id")[:SHOWN],
        # Nobody decides on their own request.
        asked=asked.filter(to_manage).exclude(requested_by=actor.user)[:SHOWN],
        proposals=[(each, *in_words(each)) for each in less[:SHOWN]],
        asked_by_me=asked.filter(requested_by=actor.user)[:SHOWN],
    )
