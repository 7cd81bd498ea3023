"""What objects of an OSCAL catalog may hold (OSCAL's metaschema, catalog model)."""

from __future__ import annotations

import re
from typing import Any, Final

TOKEN = re.compile(r"[^\W\d][\w.\-]*\Z")
UUID = re.compile(
    r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}\Z"
)
MAX_TOKEN: Final = 200
MAX_PARTS: Final = 12
TEXTS = frozenset(
    [
        "title",
        "version",
        "oscal-version",
        "published",
        "last-modified",
        "href",
        "rel",
        "text",
        "media-type",
        "class",
        "name",
        "value",
        "ns",
        "prose",
        "remarks",
        "description",
        "label",
        "usage",
        "resource-fragment",
        "group",
    ]
)
LISTS = frozenset(
    [
        "groups",
        "controls",
        "params",
        "props",
        "links",
        "parts",
        "resources",
        "rlinks",
        "roles",
        "parties",
        "locations",
        "responsible-parties",
        "revisions",
        "document-ids",
        "hashes",
        "values",
        "constraints",
        "guidelines",
    ]
)


class CatalogError(ValueError):
    """Where a document is no catalog, as a path like ``catalog.groups[0].id``, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Shape:
    """The members that an object must and may have."""

    def __init__(self, required: str = "", *, known: str = "") -> None:
        self.required = frozenset(required.split())
        self.known = self.required | frozenset(known.split())

    def checked(self, value: Any, path: str) -> dict[str, Any]:
        """Return ``value`` if it has this shape; raises CatalogError."""
        if not isinstance(value, dict):
            raise CatalogError(path, "must be an object")
        for name in sorted(self.required - set(value)):
            raise CatalogError(f"{path}.{name}", "is required")
        for name, member in value.items():
            if name not in self.known:
                known = ", ".join(sorted(self.known))
                raise CatalogError(f"{path}.{name[:80]}", f"is not known here; there are {known}")
            _check_member(name, member, f"{path}.{name}")
        return value


def _check_member(name: str, member: Any, path: str) -> None:
    if name in LISTS:
        _check_list(name, member, path)
    elif name in TEXTS and not isinstance(member, str):
        raise CatalogError(path, "must be a string")
    elif name == "id" and not _is_token(member):
        reason = "must be a token: a letter or _, then letters, digits, '.', '-' and '_'"
        raise CatalogError(path, reason)
    elif name == "uuid" and not (isinstance(member, str) and UUID.match(member)):
        raise CatalogError(path, "must be a UUID of version 4 or 5")


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TOKEN and bool(TOKEN.match(value))


def _check_list(name: str, members: Any, path: str) -> None:
    if not isinstance(members, list) or not members:
        raise CatalogError(path, "must be a list that is not empty")
    if name == "props":
        _check_each(PROPERTY, members, path)
    elif name == "params":
        _check_each(PARAMETER, members, path)
    elif name == "parts":
        _check_parts(members, path, depth=0)


def _check_each(shape: Shape, members: list[Any], path: str) -> None:
    for index, each in enumerate(members):
        shape.checked(each, f"{path}[{index}]")


def _check_parts(parts: Any, path: str, *, depth: int) -> None:
    """Parts are read through for the prose of statements, however deep."""
    if depth > MAX_PARTS:
        raise CatalogError(path, f"is nested deeper than {MAX_PARTS} levels")
    if not isinstance(parts, list) or not parts:
        raise CatalogError(path, "must be a list that is not empty")
    for index, each in enumerate(parts):
        place = f"{path}[{index}]"
        inner = {k: v for k, v in each.items() if k != "parts"} if isinstance(each, dict) else each
        PART.checked(inner, place)
        if "parts" in each:
            _check_parts(each["parts"], f"{place}.parts", depth=depth + 1)


PROPERTY = Shape("name value", known="uuid ns class group remarks")
PARAMETER = Shape(
    "id",
    known="class depends-on props links label usage constraints guidelines values select remarks",
)
PART = Shape("name", known="id ns class title props prose links")
CATALOG = Shape("uuid metadata", known="params controls groups back-matter")
METADATA = Shape(
    "title last-modified version oscal-version",
    known="published revisions document-ids props links roles locations parties "
    "responsible-parties actions remarks",
)
GROUP = Shape("title", known="id class params props links parts groups controls")
CONTROL = Shape("id title", known="class params props links parts controls")
