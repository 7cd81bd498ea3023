"""Tables from the names of one form to the paths of a platform's own shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from policies.normalisers.base import Reach, put

Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One value: where the form has it (dotted; numbers are places in lists), where it belongs,
    and how it is turned. A turn that gives None has nothing to say."""

    source: str
    target: str
    turn: Turn | None = None


def rows(*pairs: tuple[str, str] | tuple[str, str, Turn]) -> tuple[Row, ...]:
    """Rows from plain tuples."""
    return tuple(Row(*pair) for pair in pairs)


def map_rows(told: Any, table: Sequence[Row]) -> dict[str, Any]:
    """The values that `told` has, at their targets; what is null is not there."""
    found: dict[str, Any] = {}
    for row in table:
        value = at(told, row.source)
        if value is not None and row.turn is not None:
            value = row.turn(value)
        if value is not None:
            put(found, row.target, value)
    return found


def reach_of(table: Sequence[Row], *also: str) -> Reach:
    """What a table can tell: its targets and nothing else."""
    return Reach(told=(*(row.target for row in table), *also), untold=("",))


def at(value: Any, path: str) -> Any:
    """The value at a dotted path; None where there is none."""
    for name in path.split("."):
        if isinstance(value, list) and name.isdecimal():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def negated(value: Any) -> Any:
    """The opposite of a yes or no; nothing of anything else."""
    return not value if isinstance(value, bool) else None


def enabled(value: Any) -> Any:
    """Azure's word for a yes or no; other texts as they are."""
    if isinstance(value, bool):
        return "Enabled" if value else "Disabled"
    return value if isinstance(value, str) else None


def disabled(value: Any) -> Any:
    """Azure's word for a yes or no that means the opposite."""
    return enabled(negated(value))


def pascal(value: Any) -> Any:
    """``allow_only_approved_outbound`` as the platform writes it; other cases as they are."""
    if not isinstance(value, str):
        return None
    if "_" not in value and value[:1].isupper():
        return value
    return "".join(part[:1].upper() + part[1:] for part in value.split("_"))


def only_text(value: Any) -> Any:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None


def only_flag(value: Any) -> Any:
    """A yes or no."""
    return value if isinstance(value, bool) else None


def only_object(value: Any) -> Any:
    """An object."""
    return value if isinstance(value, dict) else None


def only_list(value: Any) -> Any:
    """A list."""
    return value if isinstance(value, list) else None


def minutes(value: Any) -> Any:
    """Minutes as an ISO 8601 duration."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return f"PT{value}M" if is_number else None


def seconds(value: Any) -> Any:
    """Seconds as an ISO 8601 duration."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return f"PT{value}S" if is_number else None


def identity_words(value: Any) -> Any:
    """The kinds of an identity as Azure lists them: ``SystemAssigned, UserAssigned``."""
    if not isinstance(value, str):
        return None
    known = {"systemassigned": "SystemAssigned", "userassigned": "UserAssigned", "none": "None"}
    parts = value.replace(" ", "").split(",")
    return ", ".join(known.get(part.replace("_", "").casefold(), part) for part in parts)


def identity_ids(value: Any) -> Any:
    """The ids of identities as Azure keys them."""
    if isinstance(value, dict):
        return value
    ids: dict[str, Any] = {}
    for each in value if isinstance(value, list) else []:
        told = each.get("resource_id") if isinstance(each, dict) else each
        if isinstance(told, str):
            ids[told] = {}
    return ids or None
