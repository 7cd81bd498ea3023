"""The page of a workspace: what is in it, who is in it, how it stands to its policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from console.pages import changes
from console.pages.posture import posture
from console.pages.shell import page
from core.errors import NotFound
from policies.models import DocumentKind, Resource
from registry import access
from registry.admin.mixin import actor_of
from registry.kinds import KINDS
from registry.models import Asset, Grant, Workspace
from registry.permissions import Permission
from registry.queries.aliases import protected_aliases
from registry.queries.promotions import visible_promotions
from registry.queries.rules import required_approvals

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse


def workspace(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign workspace."""
    actor = actor_of(request)
    found = Workspace.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found)
    held = access.permissions(actor, found.pk)
    may_read_trail = Permission.VIEW_TRAIL in held
    counted = _counted(found)
    grants = Grant.objects.filter(workspace=found, valid_to__isnull=True)
    return page(
        site,
        request,
        "console/workspace.html",
        title=found.slug,
        original=found,
        workspace=found,
        required_approvals=required_approvals(found),
        kinds=[(kind, counted.get(kind.slug, 0)) for kind in KINDS.values()],
        served=protected_aliases(found)
        .select_related("asset", "version")
        .order_by("asset__name", "name")[:50],
        grants=grants.select_related("user", "group").order_by("role", "id")[:100],
        resources=Resource.objects.filter(workspace=found, retired_at__isnull=True).order_by(
            "type", "external_id"
        )[:50],
        promotions=visible_promotions(actor).filter(target=found).order_by("-id")[:10],
        posture=posture(
            actor,
            decided=Q(evaluation__workspace=found, evaluation__kind=DocumentKind.CONFIGURATION),
            found=Q(workspace=found),
        ),
        may_read_trail=may_read_trail,
        may_submit=Permission.SUBMIT_CONFIGURATION in held,
        may_change=Permission.CHANGE_WORKSPACE in held,
        may_report=Permission.RUN_SCAN in held,
        changes=changes.recent(actor, workspace=found.slug) if may_read_trail else [],
    )


def _counted(workspace: Workspace) -> dict[str, int]:
    """How many assets there are of each kind."""
    standing = Asset.objects.filter(workspace=workspace, deleted_at__isnull=True)
    counted = standing.values_list("kind").annotate(number=Count("pk")).order_by()
    return dict(counted)
