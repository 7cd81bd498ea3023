"""The page of a version: its content, evidence and story, read only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from console.pages import changes, links
from console.pages.discussion import discussion
from console.pages.posture import posture
from console.pages.shell import page
from console.pages.spec import shown
from console.pages.standing import standing
from core.errors import NotFound
from registry import access
from registry.admin.mixin import actor_of
from registry.kinds import KINDS
from registry.kinds.links import LinkRole
from registry.models import AssetVersion, FrozenProvenance, Metric
from registry.permissions import Permission
from registry.queries.deployability import SERVING_KINDS
from registry.queries.promotions import promotions_of
from registry.queries.runs import runs_that_made, runs_that_read
from registry.queries.subjects import subject_of
from registry.queries.versions import reference_of
from registry.services.derivation import WAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from console.pages.standing import ShownCard
    from core.actors import Actor

SHOWN_WITH = (
    "asset__workspace",
    "spec",
    "created_by",
    "promoted_from__asset__workspace",
    "tombstone__deleted_by",
    "details",
)
SHOWN_RUNS = 20


def version(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign version."""
    actor = actor_of(request)
    found = AssetVersion.objects.select_related(*SHOWN_WITH).filter(pk=pk).first()
    if found is None:
        raise NotFound
    place, reference = found.asset.workspace, str(reference_of(found))
    access.require(actor, Permission.VIEW, place, subject=reference)
    chosen, known = AssetVersion.objects.filter(pk=pk), standing(actor, found)
    held = access.permissions(actor, place.pk)
    return page(
        site,
        request,
        "console/version.html",
        title=reference,
        original=found,
        talk=discussion(actor, subject_of(found)),
        version=found,
        asset=found.asset,
        kind=KINDS[found.asset.kind],
        reference=reference,
        spec=shown(_beside_card(found.spec.body, known.card)),
        aliases=found.aliases.order_by("name"),
        standing=known,
        metrics=found.metrics.order_by("name", "evaluator"),
        evaluations=evaluations(actor, found),
        upstream=links.upstream(actor, chosen),
        downstream=links.downstream(actor, chosen),
        made_by=runs_that_made(actor, found)[:SHOWN_RUNS],
        read_by=runs_that_read(actor, found)[:SHOWN_RUNS],
        promotions=promotions_of(actor, chosen)[:20],
        provenance=FrozenProvenance.objects.filter(version=found).first(),
        origin=_origin(actor, found),
        posture=posture(actor, decided=Q(evaluation__version=found), found=Q(subject=reference)),
        may_promote=may_promote(actor),
        may_derive=_may_derive(actor, found),
        may_deploy=found.asset.kind in SERVING_KINDS and Permission.DEPLOY in held,
        may_report=Permission.RUN_SCAN in held,
        may_read_trail=Permission.VIEW_TRAIL in held,
        changes=_changes(actor, found),
    )


def _beside_card(body: Mapping[str, Any], card: ShownCard) -> dict[str, Any]:
    """Return the content without a card that the page shows in its own place."""
    is_shown = card.text is not None and card.text.is_in_spec
    return {name: value for name, value in body.items() if not (is_shown and name == "card")}


def _changes(actor: Actor, found: AssetVersion) -> list[changes.Change]:
    """Return the changes of the version; its promotion is told of under the name of its source."""
    place, reference = found.asset.workspace, str(reference_of(found))
    told = changes.recent(actor, subject=reference, limit=20)
    origin = found.promoted_from
    if origin is not None and access.allows(actor, Permission.VIEW_TRAIL, place.pk):
        told += changes.recent(actor, subject=str(reference_of(origin)), workspace=place.slug)
    return sorted(told, key=lambda change: change.number, reverse=True)


def may_promote(actor: Actor) -> bool:
    """Tell whether there is a workspace into which the user may ask for promotions."""
    return access.visible_workspaces(actor, permission=Permission.PROMOTE).exists()


def _may_derive(actor: Actor, found: AssetVersion) -> bool:
    can_be = any(way in KINDS[found.asset.kind].link_roles for way in WAYS)
    places = access.visible_workspaces(actor, permission=Permission.CREATE_VERSION)
    return can_be and places.exists()


def evaluations(actor: Actor, found: AssetVersion) -> list[Metric]:
    """Return the metrics of results that the user may see, and that evaluate this version or the
    one that it is a copy of: their content is the same."""
    evaluated = [found.pk, *([found.promoted_from_id] if found.promoted_from_id else [])]
    reach = access.in_reach(actor, path="version__asset__workspace")
    return list(
        Metric.objects.filter(
            reach,
            version__links__role=LinkRole.EVALUATES.value,
            version__links__target__in=evaluated,
        )
        .select_related("version__asset__workspace")
        .order_by("-version_id", "name", "evaluator")[:50]
    )


def _origin(actor: Actor, found: AssetVersion) -> AssetVersion | None:
    """Return the version that this is a copy of, if the user may see it."""
    origin = found.promoted_from
    if origin is None or not access.allows(actor, Permission.VIEW, origin.asset.workspace_id):
        return None
    return origin
