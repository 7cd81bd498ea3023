"""Tables of cases: one entry for each of Azure's definitions, and the mutations made of it.

An entry names the definition and our rule for it, gives both the same parameters, a document to
start from, and for some paths of the document the values that it may have. Mutated documents are
made from that table alone: each value alone, then seeded combinations. A path is dotted; a number
in it is an index.
"""

from __future__ import annotations

import copy
import json
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ABSENT = type("Absent", (), {"__repr__": lambda self: "ABSENT"})()
NOW = "2026-11-20T09:30:00.000000+00:00"


@dataclass(frozen=True)
class Parameters:
    """The same choice in the words of both sides."""

    azure: Mapping[str, Any] = field(default_factory=dict)
    ours: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One definition, for one type of resource that it judges.

    `others` are further documents as they are, where two values must meet. `silent` maps a path to
    the reason why a document without it does not tell: there our answer may be unknown although
    Azure, who can ask the platform, has one.
    """

    file: str
    rule: str
    type: str
    base: Mapping[str, Any]
    values: Mapping[str, Sequence[Any]]
    parameters: tuple[Parameters, ...] = (Parameters(),)
    silent: Mapping[str, str] = field(default_factory=dict)
    others: Sequence[Mapping[str, Any]] = ()

    def __str__(self) -> str:
        return f"{self.file.removesuffix('.json')}: {self.rule} of {self.type}"

    @property
    def package(self) -> str:
        return f"muniment.{self.rule}"

    def document(self, configuration: Mapping[str, Any], parameters: Parameters) -> dict[str, Any]:
        """Our input document for a configuration that the platform answered."""
        return {
            "schema": "muniment.configuration/v1",
            "now": NOW,
            "workspace": {"slug": "assist-prod", "stage": "production"},
            "resource": {
                "type": self.type,
                "external_id": "/subscriptions/3f1c2a44/resourceGroups/assist/x",
                "source": "azure-arm",
                "observed_at": NOW,
                "provenance": "observed",
            },
            "configuration": configuration,
            "parameters": parameters.ours,
        }

    def resource(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """The resource as Azure has it."""
        return {**configuration, "type": self.type}

    def does_not_tell(self, configuration: Mapping[str, Any]) -> bool:
        return any(value_at(configuration, path) is ABSENT for path in self.silent)


@dataclass(frozen=True)
class Mutation:
    """A document made from an entry, and the parameters to judge it with."""

    configuration: Mapping[str, Any]
    parameters: Parameters

    @property
    def key(self) -> str:
        return json.dumps([self.configuration, self.parameters.ours], sort_keys=True)


def mutations(entry: Entry, *, combined: int) -> list[Mutation]:
    """The base and each value alone, under each parameters; then combinations: so many for each
    path, for the more paths there are, the more lies between them."""
    source = random.Random(zlib.crc32(entry.file.encode()))
    found: dict[str, Mutation] = {}
    for mutation in (*_single(entry), *_combined(entry, source, combined * len(entry.values))):
        found.setdefault(mutation.key, mutation)
    return list(found.values())


def variants(entry: Entry, path: str) -> list[Mutation]:
    """The base without the path first, then with each of its values, under the first parameters."""
    values = (ABSENT, *entry.values[path])
    return [Mutation(with_value(entry.base, path, each), entry.parameters[0]) for each in values]


def _single(entry: Entry) -> Iterator[Mutation]:
    for parameters in entry.parameters:
        yield from (Mutation(each, parameters) for each in (entry.base, *entry.others))
        for path, values in entry.values.items():
            for value in (ABSENT, *values):
                yield Mutation(with_value(entry.base, path, value), parameters)


def _combined(entry: Entry, source: random.Random, count: int) -> Iterator[Mutation]:
    for _ in range(count):
        configuration: Mapping[str, Any] = entry.base
        for path, values in entry.values.items():
            if source.random() < 0.7:
                value = source.choice([ABSENT, *values])
                configuration = with_value(configuration, path, value)
        yield Mutation(configuration, source.choice(entry.parameters))


def with_value(document: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the document with the value at the path, or without it for `ABSENT`.

    What stands in the way of a value becomes an object; an index that is not there changes
    nothing.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    *parents, last = path.split(".")
    inner: Any = changed
    for step in parents:
        inner = _entered(inner, step, is_made=value is not ABSENT)
    if isinstance(inner, list) and last.isdigit() and int(last) < len(inner):
        inner[int(last)] = None if value is ABSENT else value
    elif isinstance(inner, dict):
        inner[last] = value
        if value is ABSENT:
            del inner[last]
    return changed


def _entered(inner: Any, step: str, *, is_made: bool) -> Any:
    """The object or array behind one step of a path; none where there is none."""
    if isinstance(inner, list):
        return inner[int(step)] if step.isdigit() and int(step) < len(inner) else None
    if not isinstance(inner, dict):
        return None
    if is_made and not isinstance(inner.get(step), dict | list):
        inner[step] = {}
    return inner.get(step)


def value_at(document: Any, path: str) -> Any:
    """The value at a dotted path without indices, `ABSENT` where there is none."""
    for step in path.split("."):
        if not isinstance(document, dict) or document.get(step) is None:
            return ABSENT
        document = document[step]
    return document


def texts(*values: str) -> list[Any]:
    """Each text in three cases of letters and with a space behind, and what is no such text."""
    cases = [case for text in values for case in (text, text.upper(), text.lower(), f"{text} ")]
    return [*dict.fromkeys(cases), "", " ", None, 7, True, False, [], {}]


def booleans() -> list[Any]:
    """Both, the texts that Azure takes for them, and what is neither."""
    return [True, False, "true", "True", "false", "FALSE", "", None, 0, 1, [], {}]


def told(configuration: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """``fields`` of a source that tells all that the document has, by path."""
    found: dict[str, str] = {}
    for name, value in configuration.items():
        if value is None:
            continue
        path = f"{prefix}{name}"
        found[path] = "observed"
        if isinstance(value, dict):
            found |= told(value, f"{path}.")
    return found
