"""Whether the cases are strong: a definition with one condition turned round is found out."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.policies.azure.cases import Entry, mutations
from tests.policies.azure.entries import ENTRIES
from tests.policies.azure.harness import compliance
from tests.policies.azure.rules import Compliance, Definition

Place = tuple[str | int, ...]
BY_FILE: dict[str, list[Entry]] = defaultdict(list)
for _entry in ENTRIES:
    BY_FILE[_entry.file].append(_entry)


@pytest.mark.parametrize("file", BY_FILE)
def test_no_condition_can_be_turned_round_unnoticed(definitions: Path, file: str) -> None:
    definition = Definition.read(definitions / file)
    was = failing(definition, BY_FILE[file])
    rule = definition.properties["policyRule"]

    unnoticed = [
        where
        for where in conditions(rule)
        if failing(with_rule(definition, negated(rule, where)), BY_FILE[file]) == was
    ]

    assert unnoticed == []


def failing(definition: Definition, entries: Sequence[Entry]) -> list[bool]:
    """Whether each case of the definition is noncompliant."""
    return [
        compliance(definition, entry, each) is Compliance.NONCOMPLIANT
        for entry in entries
        for each in mutations(entry, combined=8)
    ]


def conditions(rule: Mapping[str, Any]) -> Iterator[Place]:
    """Where the conditions stand in ``if`` and in an ``existenceCondition``."""
    yield from _conditions(rule["if"], ("if",))
    details = rule["then"].get("details")
    if isinstance(details, dict) and "existenceCondition" in details:
        place = ("then", "details", "existenceCondition")
        yield from _conditions(details["existenceCondition"], place)


def _conditions(condition: Mapping[str, Any], where: Place) -> Iterator[Place]:
    key = next(iter(condition))
    if key.lower() in {"allof", "anyof"}:
        for index, inner in enumerate(condition[key]):
            yield from _conditions(inner, (*where, key, index))
    elif key.lower() == "not":
        yield from _conditions(condition[key], (*where, key))
    else:
        yield where
        counted = condition.get("count")
        if isinstance(counted, dict) and "where" in counted:
            yield from _conditions(counted["where"], (*where, "count", "where"))


def negated(rule: Mapping[str, Any], where: Place) -> dict[str, Any]:
    """The rule with the condition at that place turned round."""
    changed: dict[str, Any] = copy.deepcopy(dict(rule))
    *parents, last = where
    inner: Any = changed
    for step in parents:
        inner = inner[step]
    inner[last] = {"not": inner[last]}
    return changed


def with_rule(definition: Definition, rule: Mapping[str, Any]) -> Definition:
    return Definition(definition.name, {**definition.properties, "policyRule": rule})
