"""In which order nodes stand in their columns: sweeps of barycentres against crossings."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lineage.drawing.shapes import Grid

ROUNDS = 4


def order(grid: Grid) -> None:
    """Sort each column so that few edges cross; a lane's nodes stay together.

    A round sorts each column by the mean place of its neighbours in the one before, and then all
    back again. The best order of all rounds is kept; equal ones stay as they were, so equal input
    ends equally.
    """
    place = [0] * len(grid.column)
    for column in grid.columns:
        _number(column, place)
    # Lanes first: no place in a column is greater than that.
    offset = [float(lane * len(place)) for lane in grid.lane]
    best, fewest = [list(column) for column in grid.columns], _crossings(grid, place)
    for _ in range(ROUNDS):
        if not fewest:
            break
        for column in grid.columns:
            _sort(column, grid.before, place, offset)
        for column in reversed(grid.columns):
            _sort(column, grid.after, place, offset)
        found = _crossings(grid, place)
        if found < fewest:
            best, fewest = [list(column) for column in grid.columns], found
    grid.columns = best


def _sort(
    column: list[int], neighbours: list[list[int]], place: list[int], offset: list[float]
) -> None:
    keys = {}
    for vertex in column:
        beside = neighbours[vertex]
        if len(beside) == 1:
            mean: float = place[beside[0]]
        elif beside:
            mean = sum([place[each] for each in beside]) / len(beside)
        else:
            mean = place[vertex]
        keys[vertex] = offset[vertex] + mean
    column.sort(key=keys.__getitem__)
    _number(column, place)


def _number(column: list[int], place: list[int]) -> None:
    for row, vertex in enumerate(column):
        place[vertex] = row


def _crossings(grid: Grid, place: list[int]) -> int:
    """Count the crossings between each column and the next: edges that end above one before."""
    total = 0
    for column in grid.columns:
        met: list[int] = []
        for vertex in column:
            for end in sorted([place[each] for each in grid.after[vertex]]):
                at = bisect_right(met, end)
                total += len(met) - at
                met.insert(at, end)
    return total
