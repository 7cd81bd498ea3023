"""The approval inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.pages.shell import page
from registry.admin.mixin import actor_of
from registry.models import Promotion
from registry.queries.promotions import awaiting, visible_promotions

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
    return page(
        site,
        request,
        "console/inbox.html",
        title="Approvals",
        awaiting=awaiting(actor)[:SHOWN],
        mine=own.order_by("-id")[:SHOWN],
    )
