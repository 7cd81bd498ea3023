"""How high each node stands: as near to its neighbours as the order and the boxes allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.drawing.shapes import DOWN, HEIGHT, PASSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lineage.drawing.shapes import Grid

PASSES = 4


def heights(grid: Grid, lanes: int) -> tuple[list[float], list[float]]:
    """Return the upper edge of every vertex within its lane, and the height of each lane.

    Nodes of one lane and column keep their order and never overlap. A lane is as high as its
    fullest column; within that, each node is drawn towards the mean of its neighbours.
    """
    size = [sizes(grid, vertex) for vertex in range(len(grid.column))]
    groups = _groups(grid, lanes)
    tall = [max((_height(size, group) for group in lane), default=0.0) for lane in groups]
    middle = [0.0] * len(size)
    for lane, columns in enumerate(groups):
        for group in columns:
            start = (tall[lane] - _height(size, group)) / 2
            for vertex in group:
                middle[vertex] = start + size[vertex] / 2
                start += size[vertex] + DOWN
    beside = [_in_lane(grid, grid.before), _in_lane(grid, grid.after)]
    for turn in range(PASSES):
        for lane, columns in enumerate(groups):
            for group in reversed(columns) if turn % 2 else columns:
                _settle(group, beside[turn % 2], size, middle, room=tall[lane])
    return [value - size[vertex] / 2 for vertex, value in enumerate(middle)], tall


def sizes(grid: Grid, vertex: int) -> float:
    """Return the height of a vertex: the passage of an edge needs little."""
    return HEIGHT if vertex < grid.real else PASSING


def _groups(grid: Grid, lanes: int) -> list[list[list[int]]]:
    found: list[list[list[int]]] = [[[] for _ in grid.columns] for _ in range(lanes)]
    for number, column in enumerate(grid.columns):
        for vertex in column:
            found[grid.lane[vertex]][number].append(vertex)
    return found


def _height(size: Sequence[float], group: Sequence[int]) -> float:
    return sum([size[vertex] + DOWN for vertex in group]) - DOWN if group else 0.0


def _in_lane(grid: Grid, neighbours: list[list[int]]) -> list[list[int]]:
    lane = grid.lane
    return [
        [each for each in near if lane[each] == lane[vertex]]
        for vertex, near in enumerate(neighbours)
    ]


def _settle(
    group: Sequence[int],
    beside: Sequence[Sequence[int]],
    size: Sequence[float],
    middle: list[float],
    *,
    room: float,
) -> None:
    """Move the nodes of one column of a lane as near to their neighbours as they can be.

    Less the room that those above need, the wished places must not fall: least squares under that
    order are means of neighbouring blocks (pool adjacent violators), and bounds only clip them.
    """
    taken, wished, offsets = 0.0, [], []
    for vertex in group:
        near, half = beside[vertex], size[vertex] / 2
        mean = sum([middle[each] for each in near]) / len(near) if near else middle[vertex]
        offsets.append(taken + half)
        wished.append(mean - half - taken)
        taken += size[vertex] + DOWN
    most = max(0.0, room - taken + DOWN)
    for vertex, offset, value in zip(group, offsets, _rising(wished), strict=True):
        middle[vertex] = min(max(value, 0.0), most) + offset


def _rising(wished: Sequence[float]) -> list[float]:
    """Return the values nearest to the wished ones, by least squares, that never fall."""
    blocks: list[tuple[float, int]] = []
    for value in wished:
        total, count = value, 1
        while blocks and blocks[-1][0] * count > total * blocks[-1][1]:
            more, members = blocks.pop()
            total, count = total + more, count + members
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]
