"""The links of a version, in both directions, as far as the caller may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import InvalidInput
from registry import access
from registry.kinds.links import LinkRole
from registry.models import VersionLink

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import AssetVersion

DIRECTIONS = ("outgoing", "incoming")


@dataclass(frozen=True)
class Linked:
    """Links whose other end the caller may see, and the number of the others."""

    visible: QuerySet[VersionLink]
    hidden: int


def linked(actor: Actor, version: AssetVersion, *, direction: str, role: str = "") -> Linked:
    """Return the links of ``version``; incoming ones of deleted versions are left out.

    Raises InvalidInput for an unknown direction or role.
    """
    if direction not in DIRECTIONS:
        raise InvalidInput.of("direction", f"must be one of {', '.join(DIRECTIONS)}")
    if role and role not in set(LinkRole):
        raise InvalidInput.of("role", f"must be one of {', '.join(LinkRole)}")
    if direction == "outgoing":
        links, other = VersionLink.objects.filter(version=version), "target"
    else:
        links, other = VersionLink.objects.filter(target=version), "version"
        links = links.filter(version__tombstone__isnull=True)
    if role:
        links = links.filter(role=role)
    reach = access.in_reach(actor, path=f"{other}__asset__workspace")
    visible = links.filter(reach)
    hidden = links.exclude(pk__in=visible.values("pk")).count()
    return Linked(visible.select_related(f"{other}__asset__workspace"), hidden)
