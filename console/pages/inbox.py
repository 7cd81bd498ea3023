"""The approval inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.pages.rules import in_words
from console.pages.shell import page
from policies.queries.exemptions import standing_as, visible_exemptions
from registry import access
from registry.admin.mixin import actor_of
from registry.models import AccessRequest, Promotion, PromotionRuleProposal
from registry.permissions import Permission
from registry.queries.catalogue.discoverable import visible_requests
from registry.queries.promotions import awaiting, visible_promotions
from registry.queries.rules import visible_proposals

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from policies.models import Exemption

SHOWN = 100


def to_decide(
    actor: Actor,
) -> tuple[QuerySet[AccessRequest], QuerySet[PromotionRuleProposal], QuerySet[Exemption]]:
    """Return the requests for roles, the proposals to ask for less in production, and the
    exemptions that wait for the user. Nobody decides on their own."""
    manages = access.in_reach(actor, permission=Permission.MANAGE_MEMBERS)
    changes = access.in_reach(actor, permission=Permission.CHANGE_WORKSPACE)
    asked = visible_requests(actor).filter(manages, status=AccessRequest.Status.PENDING)
    less = visible_proposals(actor).filter(changes, status=PromotionRuleProposal.Status.OPEN)
    return (
        asked.exclude(requested_by=actor.user).order_by("id"),
        less.exclude(proposed_by=actor.user).order_by("id"),
        _exemptions(actor).exclude(requested_by=actor.user).order_by("id"),
    )


def _exemptions(actor: Actor) -> QuerySet[Exemption]:
    waiting = visible_exemptions(actor).filter(
        standing_as("requested"), assignment__valid_to__isnull=True
    )
    if access.administers_organisation(actor):
        return waiting
    # What reaches further than a workspace is not the workspace's to waive.
    assigns = access.in_reach(actor, permission=Permission.ASSIGN_POLICY)
    return waiting.filter(assigns, assignment__workspace__isnull=False)


def inbox(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return what waits for the user's decision, and the user's own open requests."""
    actor = actor_of(request)
    own = visible_promotions(actor).filter(
        requested_by=actor.user, status=Promotion.Status.AWAITING_APPROVAL
    )
    asked, less, exemptions = to_decide(actor)
    asked_by_me = visible_requests(actor).filter(
        requested_by=actor.user, status=AccessRequest.Status.PENDING
    )
    return page(
        site,
        request,
        "console/inbox.html",
        title="Approvals",
        awaiting=awaiting(actor)[:SHOWN],
        mine=own.order_by("-id")[:SHOWN],
        asked=asked[:SHOWN],
        proposals=[(each, *in_words(each)) for each in less[:SHOWN]],
        exemptions=exemptions[:SHOWN],
        asked_by_me=asked_by_me.order_by("id")[:SHOWN],
    )
