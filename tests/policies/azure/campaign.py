"""Many more documents for a definition: what its table makes, with odd edits at any place."""

from __future__ import annotations

import copy
import random
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from tests.policies.azure.cases import Entry, Mutation, mutations

EDITS = 3
# Of the first two the platform leaves none out; tags are texts, and have their own values.
KEPT = ("name", "properties", "tags")
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 7, 1.5, "", " ", "x", "true", "False", "0", "*", "Disabled"),
    *([], {}, [None], [{}], ["x"], [[]], [True, "x", None], {"a": "b"}, {"value": None}),
)


def campaign(entry: Entry, *, count: int) -> list[Mutation]:
    """So many different documents: each one of the table, edited at one to three places."""
    source = random.Random(zlib.crc32(f"campaign {entry}".encode()))
    found: dict[str, Mutation] = {}
    for mutation in islice(_edited(entry, source), 20 * count):
        found.setdefault(mutation.key, mutation)
        if len(found) == count:
            break
    return list(found.values())


def _edited(entry: Entry, source: random.Random) -> Iterator[Mutation]:
    table = mutations(entry, combined=24)
    pool = [*VALUES, *(value for values in entry.values.values() for value in values)]
    while True:
        origin = source.choice(table)
        configuration = copy.deepcopy(dict(origin.configuration))
        for _ in range(source.randint(1, EDITS)):
            places = [each for each in _places(configuration) if _is_free(configuration, *each)]
            if places:
                _edit(*source.choice(places), pool, source)
        yield Mutation(configuration, origin.parameters)


def _is_free(configuration: dict[str, Any], holder: Any, key: Any) -> bool:
    is_tag = holder is configuration.get("tags")
    return not is_tag and (holder is not configuration or key not in KEPT)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and array below, with every key or index of it."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


def _edit(holder: Any, key: Any, pool: list[Any], source: random.Random) -> None:
    value, kind = holder[key], source.random()
    if kind < 0.2:
        del holder[key]
    elif kind < 0.35 and isinstance(value, str):
        holder[key] = source.choice([value.upper(), value.lower(), f"{value} ", value[:-1]])
    elif kind < 0.5 and value and isinstance(value, list):
        holder[key] = _rearranged(value, pool, source)
    elif kind < 0.6 and isinstance(holder, list):
        holder.append(copy.deepcopy(value))
    elif kind < 0.7 and value and isinstance(value, dict):
        value["other"] = _any(pool, source)
    else:
        holder[key] = _like(value, pool, source)


def _like(value: Any, pool: list[Any], source: random.Random) -> Any:
    """Another value of its kind; what is null or empty stays, for nothing tells its kind."""
    if value is None or value == "" or value in ({}, []):
        return value
    return _any([each for each in pool if _kind(each) is _kind(value)], source)


def _kind(value: Any) -> type:
    """The platform's resources have schemas: no array stands there for a text, no text for a
    number."""
    if value is None or isinstance(value, dict | list):
        return type(value)
    is_number = not isinstance(value, bool) and str(value).strip().isdecimal()
    return int if is_number else str


def _rearranged(value: list[Any], pool: list[Any], source: random.Random) -> list[Any]:
    more = [*value, _like(value[0], pool, source)]
    return source.choice([more, more[::-1], [*value, *copy.deepcopy(value)], value[1:]])


def _any(pool: list[Any], source: random.Random) -> Any:
    return copy.deepcopy(source.choice(pool))
