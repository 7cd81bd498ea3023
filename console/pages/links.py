"""Where versions come from and where they go, as far as the user may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import access
from registry.models import AssetVersion, VersionLink
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor

SHOWN = 50


@dataclass(frozen=True)
class Link:
    """One relation; ``other`` is None where the user may not see it."""

    version: AssetVersion
    role: str
    other: AssetVersion | None


def upstream(actor: Actor, versions: QuerySet[AssetVersion]) -> list[Link]:
    """Return what ``versions`` link to, in one query; foreign targets without a name."""
    links = (
        VersionLink.objects.filter(version__in=versions.values("pk"))
        .select_related("version__asset__workspace", "target__asset__workspace")
        .order_by("-version_id", "role", "id")[:SHOWN]
    )
    return [Link(each.version, _words(each.role), _visible(actor, each.target)) for each in links]


def downstream(actor: Actor, versions: QuerySet[AssetVersion]) -> list[Link]:
    """Return what links to ``versions`` from where the user may see, in one query."""
    reach = access.in_reach(actor, path="version__asset__workspace")
    links = (
        VersionLink.objects.filter(reach, target__in=versions.values("pk"))
        .select_related("version__asset__workspace", "target__asset__workspace")
        .order_by("-version_id", "role", "id")[:SHOWN]
    )
    return [Link(each.target, _words(each.role), each.version) for each in links]


def _visible(actor: Actor, version: AssetVersion) -> AssetVersion | None:
    seen = access.allows(actor, Permission.VIEW, version.asset.workspace_id)
    return version if seen else None


def _words(role: str) -> str:
    return role.replace("_", " ")
