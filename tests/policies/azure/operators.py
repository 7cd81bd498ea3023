"""The conditions of the policy language: ``equals``, ``in``, ``like``, ``exists`` and the rest.

Texts compare without case, scalars of other types as their text (``"true"`` equals ``true``). A
value that is not there equals nothing, so each negation of a comparison holds for it. An array or
an object equals no text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.policies.azure.templates import TemplateFailure

MISSING = type("Missing", (), {"__repr__": lambda self: "MISSING"})()


def holds(name: str, wanted: Any, actual: Any) -> bool:
    """Whether one selected value meets one condition, for example ``notEquals``."""
    operator = name.lower()
    if operator == "exists":
        return (actual is not MISSING) is _boolean(wanted)
    if operator in _POSITIVE:
        return _POSITIVE[operator](actual, wanted)
    if operator in _NEGATED:
        return not _POSITIVE[_NEGATED[operator]](actual, wanted)
    raise NotImplementedError(f"the condition {name} is not known here")


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return None


def _boolean(value: object) -> bool:
    text = (_text(value) or "").lower()
    if text not in {"true", "false"}:
        raise NotImplementedError(f"exists takes true or false, not {value!r}")
    return text == "true"


def _equals(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, list | dict) or isinstance(wanted, list | dict):
        return bool(actual == wanted)
    ours, theirs = _text(actual), _text(wanted)
    return ours is not None and theirs is not None and ours.lower() == theirs.lower()


def _in(actual: Any, wanted: Any) -> bool:
    if not isinstance(wanted, list):
        raise NotImplementedError(f"in takes an array, not {wanted!r}")
    return any(_equals(actual, each) for each in wanted)


def _contains(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, list):
        return any(_equals(each, wanted) for each in actual)
    ours, theirs = _text(actual), _text(wanted)
    return ours is not None and theirs is not None and theirs.lower() in ours.lower()


def _like(actual: Any, wanted: Any) -> bool:
    ours, pattern = _text(actual), _text(wanted)
    if ours is None or pattern is None:
        return False
    parts = [re.escape(part) for part in pattern.lower().split("*")]
    return re.fullmatch(".*".join(parts), ours.lower(), re.DOTALL) is not None


_SIGNS = {"#": "[0-9]", "?": "[A-Za-z]", ".": "."}


def _match(actual: Any, wanted: Any) -> bool:
    ours, pattern = _text(actual), _text(wanted)
    if ours is None or pattern is None:
        return False
    expression = "".join(_SIGNS.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(expression, ours, re.DOTALL) is not None


def _match_insensitively(actual: Any, wanted: Any) -> bool:
    ours, pattern = _text(actual), _text(wanted)
    return ours is not None and pattern is not None and _match(ours.lower(), pattern.lower())


def _contains_key(actual: Any, wanted: Any) -> bool:
    return isinstance(actual, dict) and any(_equals(key, wanted) for key in actual)


def _ordering(actual: Any, wanted: Any) -> int:
    """-1, 0 or 1; `TemplateFailure` where types have no order, for Azure takes it as an error."""
    if isinstance(actual, str) and isinstance(wanted, str):
        ours, theirs = actual.lower(), wanted.lower()
        return (ours > theirs) - (ours < theirs)
    numbers = [each for each in (actual, wanted) if isinstance(each, int | float)]
    if len(numbers) != 2 or any(isinstance(each, bool) for each in numbers):
        raise TemplateFailure(f"{actual!r} and {wanted!r} have no order")
    return int(actual > wanted) - int(actual < wanted)


_POSITIVE: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _equals,
    "in": _in,
    "contains": _contains,
    "like": _like,
    "match": _match,
    "matchinsensitively": _match_insensitively,
    "containskey": _contains_key,
    "less": lambda actual, wanted: _ordering(actual, wanted) < 0,
    "lessorequals": lambda actual, wanted: _ordering(actual, wanted) <= 0,
    "greater": lambda actual, wanted: _ordering(actual, wanted) > 0,
    "greaterorequals": lambda actual, wanted: _ordering(actual, wanted) >= 0,
}
_NEGATED = {
    "notequals": "equals",
    "notin": "in",
    "notcontains": "contains",
    "notlike": "like",
    "notmatch": "match",
    "notmatchinsensitively": "matchinsensitively",
    "notcontainskey": "containskey",
}
