"""Flows: steps over assets of other kinds, each pinned by digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.kinds.base import Kind, LinkedVersion, Problem
from registry.kinds.links import LinkRole
from registry.kinds.pins import check_members

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMBER_ROLES = frozenset(
    {
        LinkRole.USES_MODEL,
        LinkRole.USES_PROMPT,
        LinkRole.USES_DATASET,
        LinkRole.USES_FLOW,
        LinkRole.USES_INDEX,
        LinkRole.USES_TOOL,
        LinkRole.USES_AGENT,
        LinkRole.USES_CONNECTION,
    }
)


def check_flow(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterator[Problem]:
    """Yield a problem for each member without its link, link without its member, or bad step."""
    yield from check_members(spec, links, roles=MEMBER_ROLES)
    names = {member["name"] for member in spec["members"]}
    for index, step in enumerate(spec["steps"]):
        for use in step["uses"]:
            if use not in names:
                yield Problem(f"spec.steps[{index}].uses", f"{use!r} is no member")


FLOW = Kind(
    slug="flow",
    label="Flow",
    plural="flows",
    schema_version=1,
    summary="Steps over pinned models, prompts, data, indexes, tools, agents and connections.",
    link_roles=MEMBER_ROLES | {LinkRole.DERIVED_FROM},
    member_roles=MEMBER_ROLES,
    extra_check=check_flow,
)
