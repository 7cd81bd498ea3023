"""What the Azure Resource Manager answers: resources as they are.

One resource, a list of them, a page of the API (``value``) or an answer of Resource Graph
(``data``). Extensions and children may stand beside their resource in the list, or inside of it
under ``diagnosticSettings``, ``privateDnsZoneGroups`` and ``raiPolicies``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.normalisers.arm_resources import ArmResource, merged
from policies.normalisers.base import (
    OBSERVED,
    Draft,
    Hints,
    NormalisationError,
    Reach,
    Skipped,
    mapping,
    text,
)

_EXTENSION = "/providers/"
# What a GET of the resource alone does not answer.
_UNTOLD = (
    "diagnosticSettings",
    "enforcedSettings",
    "privateDnsZoneGroups",
    "properties.raiPolicy",
)
_BESIDE = ("diagnosticSettings", "privateDnsZoneGroups", "raiPolicies")
_PAGES = ("value", "data")


class ArmGet:
    """Answers of the Azure Resource Manager, or of Resource Graph."""

    name = "arm-get"
    title = "Azure Resource Manager answer"
    provenance = OBSERVED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft | Skipped]:
        """The resources that were answered, with their extensions."""
        found: list[ArmResource | Skipped] = []
        for index, item in enumerate(_items(document)):
            told = mapping(item, f"[{index}]")
            if len(told) == 1 and not told.keys().isdisjoint({"error"}):
                raise NormalisationError("is an error of the platform, no resource", path="error")
            found += _resources(told, f"[{index}]", hints)
        yield from merged(found)

    def reach(self, resource_type: str) -> Reach | None:
        """An answer holds all that the resource has, but not what hangs on it."""
        return Reach(told=("",), untold=_UNTOLD)


def _items(document: Any) -> list[Any]:
    if isinstance(document, dict):
        for page in _PAGES:
            if isinstance(document.get(page), list) and "type" not in document:
                return list(document[page])
        return [document]
    if isinstance(document, list):
        return document
    raise NormalisationError("must be a resource or a list of resources")


def _resources(told: dict[str, Any], path: str, hints: Hints) -> Iterator[ArmResource]:
    kind = text(told.get("type") or hints.type, f"{path}.type")
    told_id = told.get("id") or hints.external_id
    where = text(told_id, f"{path}.id")
    body = dict(told)
    for beside in _BESIDE:
        if isinstance(listed := body.get(beside), dict) and isinstance(listed.get("value"), list):
            body[beside] = listed["value"]
    filters = body.pop("raiPolicies", None)
    over, _, _ = where.rpartition(_EXTENSION)
    name = _full_name(where) or text(told.get("name"), f"{path}.name")
    yield ArmResource(kind, name, body, over=over if _EXTENSION in over else "", id=where)
    for each in filters if isinstance(filters, list) else []:
        row = mapping(each, f"{path}.raiPolicies")
        if isinstance(row.get("type"), str) and isinstance(row.get("id"), str):
            yield ArmResource(row["type"], _full_name(row["id"]), row, id=row["id"])


def _full_name(where: str) -> str:
    """The names of an id behind its last provider, the parent's first."""
    tail = where.rpartition(_EXTENSION)[2] if _EXTENSION in where else ""
    return "/".join(tail.split("/")[2::2])
