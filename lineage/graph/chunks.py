"""Ids by the hundreds, for statements that name each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Id = TypeVar("Id", int, str)
CHUNK = 900  # below the number of variables that any SQLite takes


def chunks(ids: Iterable[Id]) -> Iterator[list[Id]]:
    """Yield ``ids`` in order, at most 900 at a time."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
