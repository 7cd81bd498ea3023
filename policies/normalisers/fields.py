"""What a document told, field by field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from policies.normalisers.base import ABSENT, Draft, Reach, is_below

# Beyond these only the paths that policies read are listed.
MAX_LISTED = 2_000
Opaque = Callable[[Any], bool]


def fields_of(
    draft: Draft, reach: Reach, *, read: Collection[str], provenance: str, opaque: Opaque
) -> dict[str, str]:
    """The provenance of each dotted path of the configuration.

    `read` are the paths that policies read of the type: one that is missing is absent where the
    form would have told it. What lies below a value that stays an expression (`opaque`) is
    neither, nor is null where the draft leaves the path open.
    """
    told: dict[str, str] = {}
    for path, value in _paths(draft.configuration, "", opaque):
        if len(told) >= MAX_LISTED:
            break
        if value is not None or path not in draft.untold:
            told[path] = ABSENT if value is None else provenance
    known = {path.casefold() for path in told}
    for path in sorted(read):
        if path.casefold() in known:
            continue
        if any(each is not None for each in _found(draft.configuration, path.split("."))):
            told[path] = provenance
        elif _is_absent(draft, reach, path, opaque):
            told[path] = ABSENT
    return dict(sorted(told.items()))


def _paths(value: dict[str, Any], prefix: str, opaque: Opaque) -> Iterator[tuple[str, Any]]:
    """Each path with its value; an array by its own path, what is inside it not at all."""
    for name, inner in value.items():
        path = f"{prefix}{name}"
        if isinstance(inner, dict) and inner and not opaque(inner):
            yield from _paths(inner, f"{path}.", opaque)
        else:
            yield path, inner


def _found(value: Any, names: list[str]) -> list[Any]:
    """Every value at a path, also inside of arrays."""
    if not names:
        return [value]
    if isinstance(value, list):
        return [found for each in value for found in _found(each, names)]
    if not isinstance(value, dict):
        return []
    wanted = names[0].casefold()
    return [
        found
        for name, inner in value.items()
        if name.casefold() == wanted
        for found in _found(inner, names[1:])
    ]


def _is_absent(draft: Draft, reach: Reach, path: str, opaque: Opaque) -> bool:
    """Whether it is null, or the form would have told it; and nothing above it is left open."""
    names = path.split(".")
    if any(is_below(path, each) for each in draft.untold):
        return False
    if _found(draft.configuration, names):
        return True
    if not reach.tells(path):
        return False
    return not any(
        opaque(above)
        for length in range(1, len(names))
        for above in _found(draft.configuration, names[:length])
    )
