"""Whether an event can be received, and which of its facets do not fit.

Producers break facets more often than the core: what does not fit the core model is refused, a
facet that does not fit its schema is kept, with a warning.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_PROBLEMS = 20
MAX_MESSAGE = 300
MAX_DEPTH = 64
KINDS = ("RunEvent", "JobEvent", "DatasetEvent")


@dataclass(frozen=True)
class Problem:
    """Something wrong: ``pointer`` (RFC 6901) says where, ``reason`` what."""

    pointer: str
    reason: str


def kind_of(event: Mapping[str, Any]) -> str:
    """Return which of the three events this is meant to be, so that problems speak of that one."""
    if "run" in event:
        return "RunEvent"
    return "DatasetEvent" if "dataset" in event and "job" not in event else "JobEvent"


def core_problems(event: Any, *, is_lenient: bool = False) -> list[Problem]:
    """Return why ``event`` cannot be received; an empty list where it can.

    ``is_lenient`` takes what Marquez takes: no ``schemaURL``, and times without a zone.
    """
    if not isinstance(event, dict):
        return [Problem("", "is not an object")]
    if _is_too_deep(event):
        return [Problem("", f"is nested deeper than {MAX_DEPTH} levels")]
    validator = _core_validators(is_lenient=is_lenient)[kind_of(event)]
    if validator.is_valid(event):
        return []
    return list(_problems(validator, event))


def facet_problems(event: Mapping[str, Any]) -> list[Problem]:
    """Return which facets of an event do not fit their schemas."""
    validator = _facet_validator()
    if validator.is_valid(event):
        return []
    return list(_problems(validator, event))


def _problems(validator: jsonschema_rs.Draft202012Validator, event: Any) -> Iterator[Problem]:
    for number, error in enumerate(validator.iter_errors(event)):
        if number == MAX_PROBLEMS:
            yield Problem("", "and more")
            return
        yield Problem(pointer(error.instance_path), error.message[:MAX_MESSAGE])


def pointer(path: Any) -> str:
    """Return a path of keys and indices as a JSON pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            member
            for item in level
            for member in (item.values() if type(item) is dict else item)
            if type(member) in (dict, list)
        ]
        if not level:
            return False
    return True


@cache
def _core_validators(*, is_lenient: bool) -> dict[str, jsonschema_rs.Draft202012Validator]:
    schema = _schema("core.json")
    base = schema["$defs"]["Base"]
    if is_lenient:
        del base["properties"]["eventTime"]["format"]  # ``parsing`` still has to understand it
    else:
        base["required"].append("schemaURL")
    return {kind: _validator(schema | {"$ref": f"#/$defs/{kind}"}) for kind in KINDS}


@cache
def _facet_validator() -> jsonschema_rs.Draft202012Validator:
    return _validator(_schema("facets.json"))


def _validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)


def _schema(name: str) -> dict[str, Any]:
    file = resources.files("lineage.received") / "schemas" / name
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema
