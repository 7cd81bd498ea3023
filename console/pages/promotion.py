"""The page of a promotion: what was asked, what every gate said, who decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.pages.discussion import discussion
from console.pages.shell import page
from core.errors import NotFound
from registry import access
from registry.admin.mixin import actor_of
from registry.models import Promotion
from registry.permissions import Permission
from registry.queries.promotions import RELATED
from registry.queries.subjects import subject_of
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor


def promotion(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page; raises NotFound for one into a workspace that the user may not see."""
    actor = actor_of(request)
    found = Promotion.objects.select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.target, subject=f"promotion/{found.uuid}")
    source, result = found.source_version, found.target_version
    members = found.members.select_related(
        "source_version__asset__workspace", "target_version__asset__workspace"
    )
    is_open = found.status == Promotion.Status.AWAITING_APPROVAL
    return page(
        site,
        request,
        "console/promotion.html",
        title=f"{reference_of(source)} into {found.target.slug}",
        original=found,
        talk=discussion(actor, subject_of(found)),
        promotion=found,
        source=reference_of(source),
        may_see_source=access.allows(actor, Permission.VIEW, source.asset.workspace_id),
        result=reference_of(result) if result else None,
        members=[
            (reference_of(each.source_version), each.target_version, each.is_reused)
            for each in members.order_by("id")
        ],
        approvals=found.approvals.select_related("decided_by").order_by("id"),
        may_decide=is_open and _may_decide(actor, found),
        may_withdraw=is_open and access.allows(actor, Permission.PROMOTE, found.target_id),
        may_read_trail=access.allows(actor, Permission.VIEW_TRAIL, found.target_id),
        is_own=found.requested_by == actor.user,
        is_open=is_open,
    )


def _may_decide(actor: Actor, found: Promotion) -> bool:
    is_foreign = found.requested_by != actor.user
    return is_foreign and access.allows(actor, Permission.APPROVE, found.target_id)
