"""Search over everything that has a name, bounded and within the user's reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, Q

from console.pages.shell import page
from core.canonical import is_digest
from core.errors import DomainError
from policies.models import Policy, Resource
from registry import access
from registry.admin.mixin import actor_of
from registry.models import Asset, AssetVersion, Workspace
from registry.queries.versions import resolve, visible_assets, visible_versions

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

Row = TypeVar("Row", bound=Model)
SHOWN = 20
LONGEST = 500


@dataclass(frozen=True)
class Matches:
    """What matches, ``SHOWN`` of each at most."""

    versions: list[AssetVersion]
    assets: list[Asset]
    workspaces: list[Workspace]
    policies: list[Policy]
    resources: list[Resource]

    def __bool__(self) -> bool:
        return any((self.versions, self.assets, self.workspaces, self.policies, self.resources))


def search(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page; an exact reference or digest finds the very version."""
    text = request.GET.get("s", "").strip()[:LONGEST]
    actor = actor_of(request)
    found = matches(actor, text) if text else None
    return page(
        site, request, "console/search.html", title="Search", text=text, found=found, shown=SHOWN
    )


def matches(actor: Actor, text: str) -> Matches:
    """Return what matches ``text`` and ``actor`` may see; five queries and one for a reference."""
    reach = access.in_reach(actor)
    return Matches(
        versions=_versions(actor, text),
        assets=_first(
            visible_assets(actor)
            .filter(Q(name__icontains=text) | Q(description__icontains=text))
            .order_by("name", "id")
        ),
        workspaces=_first(
            access.visible_workspaces(actor)
            .filter(Q(slug__icontains=text) | Q(title__icontains=text))
            .order_by("slug")
        ),
        policies=_first(Policy.objects.filter(name__icontains=text).order_by("name")),
        resources=_first(
            Resource.objects.filter(reach, external_id__icontains=text)
            .select_related("workspace")
            .order_by("external_id", "id")
        ),
    )


def _versions(actor: Actor, text: str) -> list[AssetVersion]:
    if is_digest(text):
        return _first(visible_versions(actor).filter(digest=text).order_by("-id"))
    if "/" not in text:
        return []
    try:
        return [resolve(actor, text)]
    except DomainError:
        return []


def _first(rows: QuerySet[Row]) -> list[Row]:
    return list(rows[:SHOWN])
