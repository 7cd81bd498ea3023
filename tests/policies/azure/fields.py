"""What a ``field`` selects from a resource: one value, or a collection for an array alias."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.policies.azure.aliases import ALIASES, COMPONENTS, PLAIN_FIELDS, SUBJECTS, Source
from tests.policies.azure.operators import MISSING


@dataclass(frozen=True)
class Resource:
    """An ARM-shaped document. `mode` is the definition's: it decides what ``type`` is called."""

    document: Mapping[str, Any]
    mode: str = "Indexed"

    def values(self, field: str) -> tuple[bool, list[Any]]:
        """Whether the field is a collection, and the selected values, `MISSING` for none."""
        if field.lower() == "type":
            return False, [self._type()]
        source = _source(field)
        if not isinstance(source, str):
            found = source(self.document)
            return (True, found) if isinstance(found, list) else (False, [found])
        steps = source.split(".")
        return "[*]" in source, list(_select(self.document, steps))

    def value(self, field: str) -> Any:
        """What the function ``field()`` gives: an array for a collection, "" for nothing."""
        is_collection, values = self.values(field)
        found = ["" if each is MISSING else each for each in values]
        return found if is_collection else found[0]

    def each(self, field: str) -> Iterator[Resource]:
        """For every element of the array, the resource as if that were the only one."""
        source = _source(field)
        if not isinstance(source, str):
            for value in self.values(field)[1]:
                yield _Single(self.document, self.mode, field.lower(), value)
            return
        for document in _restricted(dict(self.document), source.split(".")):
            yield Resource(document, self.mode)

    def is_of_mode(self) -> bool:
        """Whether definitions of this mode are about such resources at all."""
        subject = SUBJECTS.get(self.mode, "")
        return not subject or str(self.document.get("type", "")).lower() == subject.lower()

    def _type(self) -> str:
        kind = str(self.document.get("type", ""))
        components = {key.lower(): value for key, value in COMPONENTS.items()}
        if self.mode in {"All", "Indexed"}:
            return kind
        return components.get(kind.lower(), kind)


@dataclass(frozen=True)
class _Single(Resource):
    """A resource in which one computed collection has one element."""

    field: str = ""
    element: Any = None

    def values(self, field: str) -> tuple[bool, list[Any]]:
        if field.lower() == self.field:
            return True, [self.element]
        return super().values(field)


def _source(field: str) -> Source:
    key = field.lower()
    found = PLAIN_FIELDS.get(key) or ALIASES.get(key)
    if found is None:
        raise NotImplementedError(f"the table of aliases lacks {field}")
    return found


def _select(value: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield MISSING if value is None else value
        return
    name, is_array = steps[0].removesuffix("[*]"), steps[0].endswith("[*]")
    inner = value.get(name) if isinstance(value, dict) else None
    if is_array:
        for element in inner if isinstance(inner, list) else []:
            yield from _select(element, steps[1:])
    elif inner is None:
        # Behind what is missing, an array has no elements, and a plain property no value.
        if not any(step.endswith("[*]") for step in steps[1:]):
            yield MISSING
    else:
        yield from _select(inner, steps[1:])


def _restricted(document: dict[str, Any], steps: list[str]) -> Iterator[dict[str, Any]]:
    """Copies of the document with one element at each array of the path."""
    places = [number for number, step in enumerate(steps) if step.endswith("[*]")]
    for choice in _choices(document, steps):
        restricted = copy.deepcopy(document)
        value: Any = restricted
        indices = iter(choice)
        for step in steps[: places[-1] + 1]:
            name = step.removesuffix("[*]")
            if step.endswith("[*]"):
                value[name] = [value[name][next(indices)]]
                value = value[name][0]
            else:
                value = value[name]
        yield restricted


def _choices(value: Any, steps: list[str]) -> Iterator[tuple[int, ...]]:
    for number, step in enumerate(steps):
        value = value.get(step.removesuffix("[*]")) if isinstance(value, dict) else None
        if step.endswith("[*]"):
            rest = steps[number + 1 :]
            is_last = not any(each.endswith("[*]") for each in rest)
            for index, element in enumerate(value if isinstance(value, list) else []):
                inner = [()] if is_last else _choices(element, rest)
                yield from ((index, *tail) for tail in itertools.chain(inner))
            return
