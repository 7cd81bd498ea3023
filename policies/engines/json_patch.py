"""JSON Patch (RFC 6902) with the operations that METADATA takes: add, replace and remove.

A policy's ``modify`` says which change of the configuration would make it pass. The change is
shown and tried on fixtures; nothing here or elsewhere applies it to anything real.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

_INDEX = re.compile(r"(0|[1-9][0-9]{0,8})\Z")


class PatchError(ValueError):
    """The patch does not fit the document; the text names the operation and the pointer."""


def patched(document: Any, operations: Sequence[Mapping[str, Any]]) -> Any:
    """Return a copy of the document with the operations applied in order, or raise PatchError.

    As RFC 6902 has it, all of them apply or none: the document itself is never touched.
    """
    result = {"": copy.deepcopy(document)}
    for number, operation in enumerate(operations):
        try:
            _apply(result, operation)
        except PatchError as error:
            where = f"operation {number} ({operation['op']} {operation['path']})"
            raise PatchError(f"{where}: {error}") from None
    return result[""]


def _apply(holder: dict[str, Any], operation: Mapping[str, Any]) -> None:
    # The whole document lies under the empty key, so that the root is a member like any other.
    *parents, last = ["", *_tokens(operation["path"])]
    parent: Any = holder
    for token in parents:
        parent = _member(parent, token)
    if operation["op"] == "remove":
        _remove(parent, last)
    elif operation["op"] == "replace":
        _member(parent, last)
        _set(parent, last, operation["value"])
    else:
        _add(parent, last, operation["value"])


def _tokens(pointer: str) -> list[str]:
    """The reference tokens of a JSON Pointer (RFC 6901)."""
    if not pointer:
        return []
    return [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]]


def _member(parent: Any, token: str) -> Any:
    if isinstance(parent, dict) and token in parent:
        return parent[token]
    if isinstance(parent, list):
        return parent[_index(token, below=len(parent))]
    raise PatchError(f"there is no {token!r}")


def _set(parent: Any, token: str, value: Any) -> None:
    key = token if isinstance(parent, dict) else _index(token, below=len(parent))
    parent[key] = copy.deepcopy(value)


def _remove(parent: Any, token: str) -> None:
    _member(parent, token)
    del parent[token if isinstance(parent, dict) else int(token)]


def _add(parent: Any, token: str, value: Any) -> None:
    if isinstance(parent, dict):
        parent[token] = copy.deepcopy(value)
    elif isinstance(parent, list):
        at_end = token == "-"  # noqa: S105  # a reference token of RFC 6901
        place = len(parent) if at_end else _index(token, below=len(parent) + 1)
        parent.insert(place, copy.deepcopy(value))
    else:
        raise PatchError(f"what holds {token!r} is neither an object nor an array")


def _index(token: str, *, below: int) -> int:
    if not _INDEX.match(token) or int(token) >= below:
        raise PatchError(f"{token!r} is no index of the array")
    return int(token)
