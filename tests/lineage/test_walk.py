"""The walk over the graph, against the plainest definition of what it should find."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lineage.graph.walk import Limits, Step, Walked, walk

RUN = UUID(int=0)
Pairs = frozenset[tuple[int, int]]
FAR = Limits(depth=50, nodes=1_000, edges=10_000)


@st.composite
def acyclic(draw: st.DrawFn) -> Pairs:
    """Edges from lower to higher numbers: any graph of versions, which only name older ones."""
    numbers = st.integers(0, 14)
    pairs = draw(st.frozensets(st.tuples(numbers, numbers), max_size=60))
    return frozenset((a, b) for a, b in pairs if a < b)


class Kept:
    """Edges in memory; counts how often it is asked."""

    def __init__(self, pairs: Pairs, *, upstream: bool) -> None:
        self.pairs, self.near, self.asked = sorted(pairs), 1 if upstream else 0, 0

    def __call__(self, level: AbstractSet[int], *, limit: int) -> list[Step]:
        self.asked += 1
        found = [Step(*pair, "uses", RUN) for pair in self.pairs if pair[self.near] in level]
        return found[:limit]


def everyone(met: AbstractSet[int]) -> AbstractSet[int]:
    return met


def walked(pairs: Pairs, *, root: int = 7, upstream: bool = False, limits: Limits = FAR) -> Walked:
    kept = Kept(pairs, upstream=upstream)
    return walk({root}, upstream=upstream, neighbours=kept, admit=everyone, limits=limits)


def distances(pairs: Pairs, root: int, *, upstream: bool) -> dict[int, int]:
    """The length of the shortest path to each node that can be reached, by relaxation."""
    found = {root: 0}
    for _ in range(len(pairs) + 1):
        for a, b in pairs:
            near, far = (b, a) if upstream else (a, b)
            if near in found:
                found[far] = min(found.get(far, 1_000), found[near] + 1)
    return found


@given(acyclic(), st.integers(0, 14), st.booleans())
def test_it_finds_exactly_what_can_be_reached_at_its_least_distance(
    pairs: Pairs, root: int, upstream: bool
) -> None:
    result = walked(pairs, root=root, upstream=upstream)

    assert result.distance == distances(pairs, root, upstream=upstream)
    assert not result.is_truncated
    assert not result.has_more


@given(acyclic(), st.integers(0, 14), st.booleans())
def test_it_finds_every_edge_between_what_it_finds_once(
    pairs: Pairs, root: int, upstream: bool
) -> None:
    result = walked(pairs, root=root, upstream=upstream)

    near = 1 if upstream else 0
    between = [pair for pair in pairs if pair[near] in result.distance]
    assert sorted((step.source, step.target) for step in result.steps) == sorted(between)


@given(acyclic(), st.integers(0, 14), st.integers(0, 6))
def test_the_depth_cuts_off_what_lies_beyond_and_says_so(
    pairs: Pairs, root: int, depth: int
) -> None:
    result = walked(pairs, root=root, limits=Limits(depth, 1_000, 10_000))

    whole = distances(pairs, root, upstream=False)
    assert result.distance == {node: far for node, far in whole.items() if far <= depth}
    ends = [b for a, b in pairs if result.distance.get(a) == depth]
    assert result.has_more == bool(ends)


@given(acyclic(), st.integers(1, 10))
def test_it_never_meets_more_than_it_may_and_says_when_it_stopped(pairs: Pairs, nodes: int) -> None:
    result = walked(pairs, root=0, limits=Limits(50, nodes, 10_000))

    whole = distances(pairs, 0, upstream=False)
    assert len(result.distance) == min(nodes, len(whole))
    assert result.is_truncated == (len(whole) > nodes)
    assert all({step.source, step.target} <= result.distance.keys() for step in result.steps)


@given(acyclic(), st.integers(1, 20))
def test_it_never_reads_more_edges_than_it_may_and_says_when_it_stopped(
    pairs: Pairs, edges: int
) -> None:
    result = walked(pairs, root=0, limits=Limits(50, 1_000, edges))

    whole = len(walked(pairs, root=0).steps)
    assert len(result.steps) <= edges
    assert result.is_truncated == (whole > edges)


@given(acyclic(), st.frozensets(st.integers(1, 14)))
def test_it_does_not_go_on_where_it_is_not_admitted(pairs: Pairs, closed: frozenset[int]) -> None:
    kept = Kept(pairs, upstream=False)
    result = walk({0}, upstream=False, neighbours=kept, admit=lambda met: met - closed, limits=FAR)

    open_pairs = frozenset((a, b) for a, b in pairs if a not in closed)
    assert result.distance == distances(open_pairs, 0, upstream=False)


def test_it_asks_once_per_level() -> None:
    pairs = frozenset((a, b) for a in range(5) for b in range(5) if a < b) | {(4, 5), (5, 6)}
    kept = Kept(frozenset(pairs), upstream=False)

    walk({0}, upstream=False, neighbours=kept, admit=everyone, limits=FAR)

    assert kept.asked == 4  # {0}, {1..4}, {5}, {6}
