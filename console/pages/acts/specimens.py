"""What a form for the content of a kind starts from: the members that its schema requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.kinds import Kind

EMPTY = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


def specimen(kind: Kind) -> dict[str, Any]:
    """Return a spec with every required member, empty: it is to be filled in."""
    found: dict[str, Any] = _of(kind.schema, kind.schema)
    return found


def _of(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _of(_pointed(str(schema["$ref"]), root), root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    branches = schema.get("oneOf") or schema.get("anyOf") or ()
    if "properties" not in schema:
        return _of(branches[0], root) if branches else _empty(schema, root)
    first = branches[0] if branches else {}
    required = [*schema.get("required", ()), *first.get("required", ())]
    members = schema["properties"]
    return {name: _of(members.get(name, {}), root) for name in dict.fromkeys(required)}


def _empty(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    if schema.get("type") == "array" and schema.get("minItems"):
        return [_of(schema.get("items", {}), root)]
    kind = schema.get("type", "string")
    return EMPTY.get(kind if isinstance(kind, str) else kind[0], "")


def _pointed(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    pointed: Mapping[str, Any] = found
    return pointed
