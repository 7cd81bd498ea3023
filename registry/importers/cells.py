"""Cells of a table: text, read as the field that they stand for is."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SEPARATOR = ";"
WHOLE = re.compile(r"[-+]?[0-9]{1,18}\Z")
NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?\Z")
BOOLEANS = {"true": True, "false": False, "yes": True, "no": False}


class BadCell(ValueError):
    """A cell that is not what its field needs."""


def read_cell(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return the value of a cell under the schema of its field; text stays what is not told
    otherwise. Raises BadCell that says what was expected."""
    if schema.get("type") == "number":
        return _number(value)
    if not isinstance(value, str):
        return value
    if schema.get("type") == "array":
        return _array(value, schema.get("items", {}))
    read = READERS.get(str(schema.get("type")))
    return read(value) if read else value


def _array(text: str, item: Mapping[str, Any]) -> Any:
    if text.lstrip().startswith("["):
        return _json(text, list)
    return [read_cell(part, item) for part in texts_of(text)]


def _whole(text: str) -> int:
    if not WHOLE.match(text.strip()):
        raise BadCell(f"must be a whole number, not {text[:40]!r}")
    return int(text)


def _boolean(text: str) -> bool:
    if text.strip().lower() not in BOOLEANS:
        raise BadCell(f"must be true or false, not {text[:40]!r}")
    return BOOLEANS[text.strip().lower()]


def _number(value: Any) -> float:
    if isinstance(value, str) and NUMBER.match(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadCell(f"must be a finite number, not {str(value)[:40]!r}")
    return value


def _json(text: str, kind: type) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadCell(f"must be JSON: {error}"[:200]) from error
    if not isinstance(found, kind):
        raise BadCell(f"must be a JSON {'list' if kind is list else 'object'}")
    return found


def texts_of(value: Any) -> list[str]:
    """Return the texts of a list, or of a cell that separates them by semicolons."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(SEPARATOR) if part.strip()]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadCell("must be text, or a list of texts")
    return value


def pairs_of(value: Any) -> Iterable[tuple[str, Any]]:
    """Return the members of an object, or of a cell that holds one as JSON."""
    if isinstance(value, str):
        value = _json(value, dict)
    if not isinstance(value, dict):
        raise BadCell("must be a JSON object")
    return [(key, member) for key, member in value.items() if member is not None]


def _object(text: str) -> Any:
    return _json(text, dict)


READERS: dict[str, Callable[[str], Any]] = {
    "integer": _whole,
    "boolean": _boolean,
    "object": _object,
}
