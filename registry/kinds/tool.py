"""Tools: what agents and flows may call, action by action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs

from registry.kinds.base import Kind, LinkedVersion, Problem
from registry.kinds.links import LinkRole
from registry.kinds.pins import check_members
from registry.kinds.secrets import check_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMBER_ROLES = frozenset(
    {
        LinkRole.USES_MODEL,
        LinkRole.USES_FLOW,
        LinkRole.USES_INDEX,
        LinkRole.USES_CONNECTION,
    }
)
SCHEMAS = ("input_schema", "output_schema")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def check_tool(spec: Mapping[str, Any], links: tuple[LinkedVersion, ...]) -> Iterator[Problem]:
    """Yield a problem for each bad member, action, or schema; and for a key in the address."""
    yield from check_members(spec, links, roles=MEMBER_ROLES)
    names = [item["name"] for item in spec["actions"]]
    if len(set(names)) < len(names):
        yield Problem("spec.actions", "two actions bear one name")
    for index, item in enumerate(spec["actions"]):
        for schema in SCHEMAS:
            if schema in item:
                yield from _check_schema(item[schema], f"spec.actions[{index}].{schema}")
    implementation = spec["implementation"]
    address = implementation.get("reference", "")
    yield from check_text(address, "spec.implementation.reference")
    members = {member["name"] for member in spec.get("members", ()) if member["kind"] == "flow"}
    if implementation["type"] == "flow" and address not in members:
        yield Problem("spec.implementation.reference", "names no member of kind flow")


def _check_schema(schema: Mapping[str, Any], path: str) -> Iterator[Problem]:
    # Another dialect named here would be looked up where it says, which may be anywhere.
    if schema.get("$schema", DIALECT) != DIALECT:
        yield Problem(f"{path}.$schema", f"must be {DIALECT}, or absent")
        return
    try:
        jsonschema_rs.meta.validate({**schema, "$schema": DIALECT})
    except jsonschema_rs.ValidationError as error:
        yield Problem(path, f"is no JSON Schema (2020-12): {error.message[:200]}")


TOOL = Kind(
    slug="tool",
    label="Tool",
    plural="tools",
    schema_version=1,
    summary="Something that may be called: what each action takes, does and risks.",
    link_roles=MEMBER_ROLES | {LinkRole.DERIVED_FROM},
    member_roles=MEMBER_ROLES,
    extra_check=check_tool,
)
