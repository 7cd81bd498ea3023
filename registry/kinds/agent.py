"""Agents: models that act, within the actions that they are granted."""

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
        LinkRole.USES_TOOL,
        LinkRole.USES_AGENT,
        LinkRole.USES_INDEX,
        LinkRole.USES_FLOW,
        LinkRole.USES_CONNECTION,
    }
)
THINKS_WITH = frozenset({"model", "agent", "flow"})


def check_agent(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterator[Problem]:
    """Yield a problem for each bad member or grant, and where nothing could decide to act."""
    yield from check_members(spec, links, roles=MEMBER_ROLES)
    if not any(member["kind"] in THINKS_WITH for member in spec["members"]):
        yield Problem("spec.members", "has no model, agent or flow that could decide")
    tools = {
        member["name"]: member["digest"] for member in spec["members"] if member["kind"] == "tool"
    }
    offered = {
        link.digest: {action["name"] for action in link.spec.get("actions", ())}
        for link in links
        if link.role is LinkRole.USES_TOOL
    }
    granted: set[str] = set()
    for index, grant in enumerate(spec["grants"]):
        tool = grant["tool"]
        if tool not in tools:
            yield Problem(f"spec.grants[{index}].tool", f"{tool!r} is no member of kind tool")
            continue
        if tool in granted:
            yield Problem(f"spec.grants[{index}].tool", f"{tool!r} is granted twice")
        granted.add(tool)
        for unknown in sorted(set(grant["actions"]) - offered.get(tools[tool], set())):
            yield Problem(f"spec.grants[{index}].actions", f"the tool has no action {unknown!r}")


AGENT = Kind(
    slug="agent",
    label="Agent",
    plural="agents",
    schema_version=1,
    summary="A model that acts: its members, the actions it is granted, and its limits.",
    link_roles=MEMBER_ROLES | {LinkRole.DERIVED_FROM},
    member_roles=MEMBER_ROLES,
    extra_check=check_agent,
)
