"""The page of an asset: everything that is known of it, read only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q

from console.pages import changes, links
from console.pages.discussion import discussion
from console.pages.posture import posture
from console.pages.shell import page
from console.pages.trends import trends
from core.errors import NotFound
from registry import access
from registry.admin.mixin import actor_of
from registry.kinds import KINDS
from registry.models import Alias, AliasMove, Asset, AssetVersion, Watch
from registry.permissions import Permission
from registry.queries.owners import owners_of
from registry.queries.promotions import promotions_of
from registry.queries.subjects import subject_of
from registry.queries.versions import asset_reference

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from console.pages.posture import Posture
    from core.actors import Actor

SHOWN = 50


def asset(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign asset."""
    actor = actor_of(request)
    found = Asset.objects.select_related("workspace", "created_by").filter(pk=pk).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.workspace, subject=str(asset_reference(found)))
    reference = str(asset_reference(found))
    versions = AssetVersion.objects.filter(asset=found)
    newest = list(
        versions.select_related("created_by", "promoted_from__asset__workspace")
        .prefetch_related(Prefetch("aliases", Alias.objects.order_by("name")))
        .order_by("-number")[:SHOWN]
    )
    up, down = links.upstream(actor, versions), links.downstream(actor, versions)
    return page(
        site,
        request,
        "console/asset.html",
        title=found.name,
        original=found,
        talk=discussion(actor, subject_of(found)),
        asset=found,
        kind=KINDS[found.kind],
        reference=reference,
        **_people(actor, found),
        versions=newest,
        newest=newest[0] if newest else None,
        aliases=Alias.objects.filter(asset=found).select_related("version").order_by("name"),
        moves=_moves(found),
        trends=trends(actor, found),
        upstream=up,
        downstream=down,
        relations=len(up) + len(down),
        promotions=promotions_of(actor, versions)[:20],
        posture=_posture(actor, found, reference),
        may_read_trail=access.allows(actor, Permission.VIEW_TRAIL, found.workspace_id),
        changes=changes.recent(actor, subject=reference, limit=20),
    )


def _people(actor: Actor, found: Asset) -> dict[str, Any]:
    return {
        "owners": owners_of(found),
        "watch": Watch.objects.filter(asset=found, user=actor.user).first(),
        "may_register": access.allows(actor, Permission.CREATE_VERSION, found.workspace_id),
        "may_comment": access.allows(actor, Permission.COMMENT, found.workspace_id),
    }


def _moves(found: Asset) -> QuerySet[AliasMove]:
    related = ("from_version", "to_version", "moved_by")
    return AliasMove.objects.filter(asset=found).select_related(*related).order_by("-id")[:20]


def _posture(actor: Actor, found: Asset, reference: str) -> Posture:
    decided = Q(evaluation__version__asset=found)
    mentioned = Q(subject__startswith=f"{reference}/")
    return posture(actor, decided=decided, found=mentioned)
