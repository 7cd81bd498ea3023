"""The page of a version: its content, evidence and story, read only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from console.pages import changes, links
from console.pages.posture import posture
from console.pages.shell import page
from core.errors import NotFound
from registry import access
from registry.admin.mixin import actor_of
from registry.kinds import KINDS
from registry.kinds.links import LinkRole
from registry.models import AssetVersion, FrozenProvenance, Metric
from registry.permissions import Permission
from registry.queries.promotions import promotions_of
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

PROSE = 120


@dataclass(frozen=True)
class Entry:
    """One field of a spec as a page shows it: as text, as prose, or as a block of code."""

    name: str
    value: str
    form: str = "text"


def version(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign version."""
    actor = actor_of(request)
    found = (
        AssetVersion.objects.select_related(
            "asset__workspace", "spec", "created_by", "promoted_from__asset__workspace"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    place, reference = found.asset.workspace, str(reference_of(found))
    access.require(actor, Permission.VIEW, place, subject=reference)
    chosen = AssetVersion.objects.filter(pk=pk)
    return page(
        site,
        request,
        "console/version.html",
        title=reference,
        original=found,
        version=found,
        asset=found.asset,
        kind=KINDS[found.asset.kind],
        reference=reference,
        entries=list(entries(found.spec.body)),
        aliases=found.aliases.order_by("name"),
        artifacts=found.artifacts.order_by("path"),
        metrics=found.metrics.order_by("name", "evaluator"),
        evaluations=evaluations(actor, found),
        upstream=links.upstream(actor, chosen),
        downstream=links.downstream(actor, chosen),
        promotions=promotions_of(actor, chosen)[:20],
        provenance=FrozenProvenance.objects.filter(version=found).first(),
        origin=_origin(actor, found),
        posture=posture(actor, decided=Q(version=found), found=Q(subject=reference)),
        may_promote=may_promote(actor),
        may_read_trail=access.allows(actor, Permission.VIEW_TRAIL, place.pk),
        changes=changes.recent(actor, subject=reference, limit=20),
    )


def may_promote(actor: Actor) -> bool:
    """Tell whether there is a workspace into which the user may ask for promotions."""
    return access.visible_workspaces(actor, permission=Permission.PROMOTE).exists()


def entries(spec: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the fields of a spec: short ones first, then what needs room."""
    roomy: list[Entry] = []
    for name, value in spec.items():
        label = name.replace("_", " ")
        match value:
            case bool():
                yield Entry(label, "yes" if value else "no")
            case int():
                yield Entry(label, f"{value:,}")
            case str() if len(value) <= PROSE and "\n" not in value and name != "template":
                yield Entry(label, value)
            case str():
                roomy.append(Entry(label, value, "code" if name == "template" else "prose"))
            case list() if all(isinstance(item, str) for item in value):
                yield Entry(label, ", ".join(value))
            case _:
                text = json.dumps(value, indent=2, ensure_ascii=False)
                roomy.append(Entry(label, text, "code"))
    yield from roomy


def evaluations(actor: Actor, found: AssetVersion) -> list[Metric]:
    """Return the metrics of results that evaluate this version, from where the user may see."""
    reach = access.in_reach(actor, path="version__asset__workspace")
    return list(
        Metric.objects.filter(
            reach, version__links__role=LinkRole.EVALUATES.value, version__links__target=found
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
