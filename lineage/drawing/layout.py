"""A layered layout: columns from left to right along the edges, deterministic.

Columns by longest path, the passage of long edges as vertices of their own, sweeps of barycentres
against crossings, and heights that draw neighbours together (Sugiyama, Tagawa and Toda 1981).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from lineage.drawing.columns import acyclic, columns
from lineage.drawing.rows import heights, sizes
from lineage.drawing.shapes import (
    ACROSS,
    HEIGHT,
    LANE_PADDING,
    LANE_TITLE,
    MARGIN,
    WIDTH,
    Band,
    Grid,
    Layout,
    Place,
    Point,
    Route,
)
from lineage.drawing.sweeps import order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lineage.drawing.columns import Pair
    from lineage.drawing.shapes import Vertex


def lay_out(
    vertices: Iterable[Vertex], edges: Iterable[tuple[str, str]], *, has_lanes: bool = False
) -> Layout:
    """Return where everything stands; the order of what is given makes no difference.

    Edges whose ends are not both given, and those from a node to itself, are left out; several
    between the same two nodes share one route.
    """
    nodes = sorted({each.id: each for each in vertices}.values(), key=_rank)
    index = {node.id: number for number, node in enumerate(nodes)}
    pairs = sorted(
        {
            (index[source], index[target])
            for source, target in edges
            if source in index and target in index and source != target
        }
    )
    names = sorted({node.lane for node in nodes}) if has_lanes else [""]
    lanes = {name: number for number, name in enumerate(names)}
    straight = acyclic(len(nodes), pairs)
    grid = Grid(
        [lanes[node.lane] if has_lanes else 0 for node in nodes],
        columns([node.level for node in nodes], straight),
        real=len(nodes),
    )
    _add_passages(grid, straight)
    _fill(grid)
    order(grid)
    top, tall = heights(grid, len(names))
    bands = _bands(names, tall, has_lanes=has_lanes)
    ys = [value + bands[grid.lane[vertex]].y for vertex, value in enumerate(top)]
    if has_lanes:
        ys = [value + LANE_TITLE for value in ys]
    return Layout(
        places=_places(grid, nodes, ys),
        routes=tuple(_routes(grid, [node.id for node in nodes], ys, pairs)),
        bands=tuple(bands) if has_lanes else (),
        width=_left(max(grid.column, default=0)) + WIDTH + MARGIN,
        height=bands[-1].y + bands[-1].height + (0 if has_lanes else MARGIN),
    )


def _rank(node: Vertex) -> tuple[int, str, str]:
    return node.level or 0, node.order, node.id


def _add_passages(grid: Grid, pairs: Sequence[Pair]) -> None:
    """Add a vertex for every column that an edge passes."""
    grid.before = [[] for _ in grid.column]
    grid.after = [[] for _ in grid.column]
    for source, target in pairs:
        chain = [source]
        for column in range(grid.column[source] + 1, grid.column[target]):
            chain.append(len(grid.column))
            grid.column.append(column)
            grid.lane.append(grid.lane[source])
            grid.before.append([])
            grid.after.append([])
        chain.append(target)
        for left, right in pairwise(chain):
            grid.after[left].append(right)
            grid.before[right].append(left)
        grid.chains[source, target] = chain


def _fill(grid: Grid) -> None:
    grid.columns = [[] for _ in range(max(grid.column, default=-1) + 1)]
    for vertex, column in enumerate(grid.column):
        grid.columns[column].append(vertex)
    for column_ in grid.columns:
        column_.sort(key=lambda vertex: (grid.lane[vertex], vertex))


def _bands(names: Sequence[str], tall: Sequence[float], *, has_lanes: bool) -> list[Band]:
    if not has_lanes:
        return [Band("", MARGIN, max(tall[0], HEIGHT))]
    found, y = [], 0.0
    for name, height in zip(names, tall, strict=True):
        found.append(Band(name, y, height + LANE_TITLE + LANE_PADDING))
        y += height + LANE_TITLE + LANE_PADDING
    return found


def _left(column: int) -> float:
    return MARGIN + column * (WIDTH + ACROSS)


def _places(grid: Grid, nodes: Sequence[Vertex], ys: Sequence[float]) -> dict[str, Place]:
    row = {vertex: number for column in grid.columns for number, vertex in enumerate(column)}
    return {
        node.id: Place(
            grid.column[vertex], row[vertex], _left(grid.column[vertex]), round(ys[vertex], 1)
        )
        for vertex, node in enumerate(nodes)
    }


def _routes(
    grid: Grid, ids: Sequence[str], ys: Sequence[float], pairs: Sequence[Pair]
) -> Iterable[Route]:
    for source, target in pairs:
        is_back = (source, target) not in grid.chains
        points = _way(grid, ys, grid.chains[(target, source) if is_back else (source, target)])
        yield Route(ids[source], ids[target], tuple(points[::-1] if is_back else points), is_back)


def _way(grid: Grid, ys: Sequence[float], chain: Sequence[int]) -> list[Point]:
    """Return the way along a chain: out of the first box, across the passages, into the last."""
    points = []
    for vertex in chain:
        left, y = _left(grid.column[vertex]), round(ys[vertex] + sizes(grid, vertex) / 2, 1)
        if vertex != chain[0]:
            points.append(Point(left, y))
        if vertex != chain[-1]:
            points.append(Point(left + WIDTH, y))
    return points
