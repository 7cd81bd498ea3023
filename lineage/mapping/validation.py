"""Check events before they are stored: openlineage-python checks almost nothing."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from lineage.mapping.published import PUBLISHED, schema_of

if TYPE_CHECKING:
    from collections.abc import Mapping

CORE = "https://openlineage.io/spec/2-0-2/OpenLineage.json"
MAX_PROBLEMS = 20


class InvalidEvent(ValueError):
    """An event does not fit OpenLineage or one of our facets; the message says where."""


def require_valid(event: Mapping[str, Any]) -> None:
    """Return if ``event`` is a valid OpenLineage 2-0-2 event; raises InvalidEvent.

    Checks the core model, the formats of times, ids and addresses, the standard facets that this
    service writes, and its own facets.
    """
    found = []
    for error in _validators()[_definition(event)].iter_errors(event):
        path = "/".join(str(part) for part in error.instance_path)
        found.append(f"{path or 'event'}: {error.message[:300]}")
        if len(found) == MAX_PROBLEMS:
            break
    if found:
        raise InvalidEvent("; ".join(found))


def _definition(event: Mapping[str, Any]) -> str:
    """Return which of the three events this is meant to be, so that errors speak of that one."""
    if "run" in event:
        return "RunEvent"
    return "DatasetEvent" if "dataset" in event else "JobEvent"


@cache
def _validators() -> dict[str, jsonschema_rs.Draft202012Validator]:
    file = resources.files("lineage.mapping") / "schemas/openlineage.2-0-2.json"
    # The facets' published schemas refer to the specification by its address; here our rendering
    # of it stands there, so that validating needs no network.
    known = [(CORE, json.loads(file.read_text(encoding="utf-8")))]
    known += [(f"urn:muniment:facet:{name}:{v}", schema_of(name, v)) for name, v in PUBLISHED]
    registry = jsonschema_rs.Registry(known)
    return {
        name: jsonschema_rs.Draft202012Validator(
            {"$ref": f"{CORE}#/$defs/{name}"},
            registry=registry,
            validate_formats=True,
            offline=True,
        )
        for name in ("RunEvent", "DatasetEvent", "JobEvent")
    }
