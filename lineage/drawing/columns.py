"""Which column each node stands in: the longest path decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Pair = tuple[int, int]


def acyclic(count: int, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the edges, with those turned round that close a cycle.

    Vertices are searched depth first in their order: an edge that leads to a vertex of the path
    on which the search is closes a cycle.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        after[source].append(target)
    state = bytearray(count)  # 0 not met, 1 on the path, 2 done
    turned: set[Pair] = set()
    for root in range(count):
        if state[root]:
            continue
        state[root] = 1
        path = [(root, iter(after[root]))]
        while path:
            vertex, rest = path[-1]
            for target in rest:
                if state[target] == 1:
                    turned.add((vertex, target))
                elif not state[target]:
                    state[target] = 1
                    path.append((target, iter(after[target])))
                    break
            else:
                state[vertex] = 2
                path.pop()
    return list(dict.fromkeys((t, s) if (s, t) in turned else (s, t) for s, t in pairs))


def columns(levels: Sequence[int | None], pairs: Sequence[Pair]) -> list[int]:
    """Return the column of each vertex of a graph without cycles, the first one 0.

    Every edge leads to a column further right. Whatever lies upstream of the root, by its signed
    level, stands as near to what came of it as it can; the rest as near to what it came from.
    """
    count = len(levels)
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        after[source].append(target)
        before[target].append(source)
    order = _sorted(before, after)
    found = [0] * count
    for vertex in order:
        for source in before[vertex]:
            found[vertex] = max(found[vertex], found[source] + 1)
    for vertex in reversed(order):
        level = levels[vertex]
        if after[vertex] and (level is None or level < 0):
            found[vertex] = min(found[target] for target in after[vertex]) - 1
    alone = _root_column(levels, found)
    for vertex in range(count):
        if not before[vertex] and not after[vertex]:
            found[vertex] = max(0, alone + (levels[vertex] or 0))
    used = {column: place for place, column in enumerate(sorted(set(found)))}
    return [used[column] for column in found]


def _sorted(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    """Return the vertices so that each stands behind those that lead to it."""
    waiting = [len(each) for each in before]
    order = [vertex for vertex, count in enumerate(waiting) if not count]
    for vertex in order:
        for target in after[vertex]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    return order


def _root_column(levels: Sequence[int | None], found: Sequence[int]) -> int:
    return next((found[vertex] for vertex, level in enumerate(levels) if level == 0), 0)
