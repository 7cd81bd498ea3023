"""What a policy proposes to change: a JSON Patch (RFC 6902) of the configuration that it judged.

Applied to a copy, to be shown; nothing here changes anything. METADATA takes the operations
``add``, ``replace`` and ``remove``.
"""

from __future__ import annotations

import copy
import json
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Operation: TypeAlias = Mapping[str, Any]
    Pointer: TypeAlias = tuple[str, ...]

END = "-"
GONE = object()


class PatchError(Exception):
    """A patch that does not fit the document: it names what is not there."""


def patched(document: Any, operations: Iterable[Operation]) -> Any:
    """Return a copy of ``document`` with the operations done in order; raises `PatchError`.

    Objects that an ``add`` or ``replace`` needs on its way are made: a proposal names what should
    be there, and a configuration that says nothing of it is the common case.
    """
    changed = copy.deepcopy(document)
    for operation in operations:
        changed = _done(changed, operation)
    return changed


def pointer(path: str) -> Pointer:
    """Return the parts of a JSON Pointer (RFC 6901)."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])


def _done(document: Any, operation: Operation) -> Any:
    *way, last = pointer(operation["path"]) or ("",)
    if not operation["path"]:
        return copy.deepcopy(operation.get("value"))
    removes = operation["op"] == "remove"
    holder = _walk(document, way, makes=not removes, path=operation["path"])
    if isinstance(holder, list):
        _change_list(holder, last, operation)
    elif not isinstance(holder, dict):
        raise PatchError(f"{operation['path']}: there is no object that it could be in")
    elif not removes:
        holder[last] = copy.deepcopy(operation["value"])
    elif last in holder:
        del holder[last]
    else:
        raise PatchError(f"{operation['path']}: is not there")
    return document


def _walk(document: Any, way: Sequence[str], *, makes: bool, path: str) -> Any:
    here = document
    for part in way:
        if isinstance(here, list):
            here = here[_index(part, len(here), path)]
        elif isinstance(here, dict) and (part in here or makes):
            here = here.setdefault(part, {})
        else:
            raise PatchError(f"{path}: {part!r} is not there")
    return here


def _change_list(holder: list[Any], last: str, operation: Operation) -> None:
    if operation["op"] == "add":
        at = len(holder) if last == END else _index(last, len(holder) + 1, operation["path"])
        holder.insert(at, copy.deepcopy(operation["value"]))
        return
    at = _index(last, len(holder), operation["path"])
    if operation["op"] == "remove":
        del holder[at]
    else:
        holder[at] = copy.deepcopy(operation["value"])


def _index(part: str, length: int, path: str) -> int:
    if not (part.isascii() and part.isdecimal() and int(part) < length):
        raise PatchError(f"{path}: the list has no place {part!r}")
    return int(part)


def conflicting(patches: Mapping[int, Sequence[Operation]]) -> dict[int, tuple[int, ...]]:
    """Return which patches of one document would leave a path with different values, each with
    those that it is at odds with; the order of the patches does not matter."""
    found: dict[int, set[int]] = {}
    for (one, its), (other, theirs) in combinations(patches.items(), 2):
        if any(_at_odds(mine, yours) for mine in its for yours in theirs):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {key: tuple(sorted(others)) for key, others in found.items()}


def _at_odds(one: Operation, other: Operation) -> bool:
    """Tell whether two operations cannot both be true of the result.

    The one that sets more, or the same, must agree with what the other sets inside of it.
    """
    outer, inner = sorted((one, other), key=lambda each: len(pointer(each["path"])))
    around, within = pointer(outer["path"]), pointer(inner["path"])
    if within[: len(around)] != around or END in {*around[-1:], *within[-1:]}:
        return False
    return _text(_inside(_left(outer), within[len(around) :])) != _text(_left(inner))


def _left(operation: Operation) -> Any:
    return GONE if operation["op"] == "remove" else operation["value"]


def _text(value: Any) -> str:
    """Return a value so that equal JSON is equal; in Python true is 1."""
    return "" if value is GONE else json.dumps(value, sort_keys=True)


def _inside(value: Any, way: Sequence[str]) -> Any:
    for part in way:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return GONE
    return value
