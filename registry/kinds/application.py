"""Applications: what people use, with an owner and a risk tier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.kinds.base import Kind, LinkedVersion, Problem
from registry.kinds.links import LinkRole
from registry.kinds.pins import check_members

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMBER_ROLES = frozenset(
    {
        LinkRole.USES_FLOW,
        LinkRole.USES_AGENT,
        LinkRole.USES_MODEL,
        LinkRole.USES_PROMPT,
        LinkRole.USES_DATASET,
        LinkRole.USES_INDEX,
        LinkRole.USES_TOOL,
        LinkRole.USES_CONNECTION,
    }
)


def check_application(
    spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]
) -> Iterator[Problem]:
    """Yield a problem for each bad member, and for one deployment that is named twice."""
    yield from check_members(spec, links, roles=MEMBER_ROLES)
    named = [(each.get("workspace", ""), each["name"]) for each in spec.get("deployments", ())]
    if len(set(named)) < len(named):
        yield Problem("spec.deployments", "one deployment is named twice")


APPLICATION = Kind(
    slug="application",
    label="Application",
    plural="applications",
    schema_version=1,
    summary="What people use: its owner, its risk tier, its members and where it runs.",
    link_roles=MEMBER_ROLES | {LinkRole.DERIVED_FROM},
    member_roles=MEMBER_ROLES,
    extra_check=check_application,
)
