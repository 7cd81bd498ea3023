"""What a rule may ask for beside a number of approvals, and which of two asks for more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UPWARDS: dict[str, bool] = {">=": True, ">": True, "<=": False, "<": False}
STRICT = frozenset({">", "<"})
SIGNATURES = ("", "any", "trusted")


@cache
def schema() -> dict[str, Any]:
    """Return the published JSON Schema (2020-12) of conditions."""
    file = resources.files("registry.rules") / "conditions.v1.json"
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def problems(body: Any) -> list[tuple[str, str]]:
    """Return everything that is wrong with conditions, as pairs of a path and a reason."""
    found = []
    for error in jsonschema_rs.Draft202012Validator(schema()).iter_errors(body):
        path = "conditions"
        for part in error.instance_path:
            path += f"[{part}]" if isinstance(part, int) else f".{part}"
        found.append((path, error.message[:300]))
    return found


@dataclass(frozen=True)
class Threshold:
    """What a metric must reach; without ``evaluator`` or ``dataset``, whichever it was."""

    metric: str
    operator: str
    value: float
    evaluator: str = ""
    dataset: str = ""
    max_age_days: int | None = None

    def is_met_by(self, value: float) -> bool:
        """Tell whether ``value`` reaches the threshold."""
        if value == self.value:
            return self.operator not in STRICT
        return (value > self.value) == UPWARDS[self.operator]

    def is_as_strict_as(self, other: Threshold) -> bool:
        """Tell whether whatever passes this one passes ``other`` too."""
        named = (self.metric, self.evaluator, self.dataset)
        if named != (other.metric, other.evaluator, other.dataset):
            return False
        if UPWARDS[self.operator] != UPWARDS[other.operator]:
            return False
        if self.value == other.value:
            reaches = self.operator in STRICT or other.operator not in STRICT
        else:
            reaches = (self.value > other.value) == UPWARDS[self.operator]
        return reaches and _within(self.max_age_days, other.max_age_days)

    def __str__(self) -> str:
        by = f" by {self.evaluator}" if self.evaluator else ""
        on = f" on {self.dataset}" if self.dataset else ""
        return f"{self.metric}{by}{on} {self.operator} {self.value:g}"


@dataclass(frozen=True)
class Conditions:
    """The conditions of one rule; each is empty where the rule does not ask for it."""

    approver_roles: frozenset[str] = frozenset()
    distinct_roles: frozenset[str] = frozenset()
    approval_max_age_days: int | None = None
    request_max_age_days: int | None = None
    thresholds: tuple[Threshold, ...] = ()
    card_fields: frozenset[str] = frozenset()
    card_complete: bool = False
    card_accepted: bool = False
    scan_verdicts: frozenset[str] = frozenset()
    signature: str = ""
    source_stages: frozenset[str] = frozenset()
    forbidden_states: frozenset[str] = frozenset()

    def is_as_strict_as(self, other: Conditions) -> bool:
        """Tell whether these ask for everything that ``other`` asks for, or for more."""
        return all(
            compare(getattr(self, name), getattr(other, name)) for name, compare in STRICTER.items()
        )


def parsed(body: Mapping[str, Any]) -> Conditions:
    """Return the conditions of a body without problems."""
    thresholds = tuple(Threshold(**each) for each in body.get("thresholds", ()))
    values: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in body.items()
        if name != "thresholds"
    }
    return Conditions(**values, thresholds=thresholds)


def tidied(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body without what asks for nothing, and with its sets in one order."""
    kept = {name: value for name, value in body.items() if value not in ([], False)}
    return {
        name: sorted(value) if isinstance(value, list) and name != "thresholds" else value
        for name, value in kept.items()
    }


def _within(mine: int | None, theirs: int | None) -> bool:
    return theirs is None or (mine is not None and mine <= theirs)


def _narrower(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """A set of what may pass: empty lets everything pass."""
    return not theirs or (bool(mine) and mine <= theirs)


def _wider(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """A set of what is demanded."""
    return mine >= theirs


def _each_reached(mine: tuple[Threshold, ...], theirs: tuple[Threshold, ...]) -> bool:
    return all(any(one.is_as_strict_as(other) for one in mine) for other in theirs)


def _no_less(mine: bool, theirs: bool) -> bool:
    return mine or not theirs


def _signed(mine: str, theirs: str) -> bool:
    return SIGNATURES.index(mine) >= SIGNATURES.index(theirs)


STRICTER: dict[str, Callable[[Any, Any], bool]] = {
    "approver_roles": _narrower,
    "distinct_roles": _wider,
    "approval_max_age_days": _within,
    "request_max_age_days": _within,
    "thresholds": _each_reached,
    "card_fields": _wider,
    "card_complete": _no_less,
    "card_accepted": _no_less,
    "scan_verdicts": _narrower,
    "signature": _signed,
    "source_stages": _narrower,
    "forbidden_states": _wider,
}
