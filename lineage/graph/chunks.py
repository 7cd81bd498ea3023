"""Ids by the hundreds, for statements that name each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK = 900  # below the number of variables that any SQLite takes


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield ``ids`` in order, at most 900 at a time."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
