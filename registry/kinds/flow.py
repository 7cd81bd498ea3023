"""Flows: applications put together from models, prompts and data, each pinned by digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.kinds.base import Kind, LinkedVersion, Problem
from registry.kinds.links import LinkRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMBER_ROLES = frozenset(
    {LinkRole.USES_MODEL, LinkRole.USES_PROMPT, LinkRole.USES_DATASET, LinkRole.USES_FLOW}
)


def check_members(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterator[Problem]:
    """Yield a problem for each member without its link, link without its member, or bad step.

    Members are pinned by content digest, so that the flow's own digest covers them and means
    the same in every workspace.
    """
    pinned = {(link.kind, link.digest) for link in links if link.role in MEMBER_ROLES}
    members = {member["name"]: member for member in spec["members"]}
    if len(members) < len(spec["members"]):
        yield Problem("spec.members", "two members bear one name")
    for index, member in enumerate(spec["members"]):
        if (member["kind"], member["digest"]) not in pinned:
            yield Problem(
                f"spec.members[{index}].digest",
                f"no link of this version points at a {member['kind']} with this digest",
            )
    named = {(member["kind"], member["digest"]) for member in spec["members"]}
    for kind, digest in sorted(pinned - named):
        yield Problem("links", f"the {kind} {digest} is linked, but is no member of the spec")
    for index, step in enumerate(spec["steps"]):
        for use in step["uses"]:
            if use not in members:
                yield Problem(f"spec.steps[{index}].uses", f"{use!r} is no member")


FLOW = Kind(
    slug="flow",
    label="Flow",
    plural="flows",
    schema_version=1,
    summary="Steps over pinned models, prompts and datasets.",
    link_roles=MEMBER_ROLES | {LinkRole.DERIVED_FROM},
    member_roles=MEMBER_ROLES,
    extra_check=check_members,
)
