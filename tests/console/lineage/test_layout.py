"""The layout of pictures, whatever the graph."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lineage.drawing.layout import lay_out
from lineage.drawing.shapes import DOWN, HEIGHT, WIDTH, Layout, Vertex

Edges = list[tuple[str, str]]
pairs = st.tuples(st.integers(0, 24), st.integers(0, 24))


def vertices(count: int = 25) -> list[Vertex]:
    return [
        Vertex(f"n{each}", lane=f"lane {each % 3}", order=f"{each:03}") for each in range(count)
    ]


def as_edges(numbers: list[tuple[int, int]], *, forwards: bool) -> Edges:
    return [
        (f"n{min(pair) if forwards else pair[0]}", f"n{max(pair) if forwards else pair[1]}")
        for pair in numbers
    ]


def overlaps(layout: Layout) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, a), (other, b) in combinations(layout.places.items(), 2)
        if abs(a.x - b.x) < WIDTH and abs(a.y - b.y) < HEIGHT
    ]


@given(st.lists(pairs, max_size=60), st.booleans(), st.booleans())
def test_no_two_nodes_overlap_and_all_are_inside(
    numbers: list[tuple[int, int]], forwards: bool, has_lanes: bool
) -> None:
    layout = lay_out(vertices(), as_edges(numbers, forwards=forwards), has_lanes=has_lanes)

    assert len(layout.places) == 25
    assert not overlaps(layout)
    for place in layout.places.values():
        assert place.x >= 0
        assert place.x + WIDTH <= layout.width
        assert place.y >= 0
        assert place.y + HEIGHT <= layout.height


@given(st.lists(pairs, max_size=60))
def test_without_cycles_every_edge_leads_to_the_right(numbers: list[tuple[int, int]]) -> None:
    layout = lay_out(vertices(), as_edges(numbers, forwards=True))

    for route in layout.routes:
        assert not route.is_back
        assert layout.places[route.source].column < layout.places[route.target].column
        steps = [point.x for point in route.points]
        assert steps == sorted(steps)


@given(st.lists(pairs, max_size=60))
def test_cycles_are_drawn_with_some_edges_backwards(numbers: list[tuple[int, int]]) -> None:
    edges = as_edges(numbers, forwards=False)

    layout = lay_out(vertices(), edges)

    drawn = {(route.source, route.target) for route in layout.routes}
    assert drawn == {(source, target) for source, target in edges if source != target}
    for route in layout.routes:
        left, right = layout.places[route.source].column, layout.places[route.target].column
        assert left > right if route.is_back else left < right


@given(st.lists(pairs, max_size=60), st.integers(), st.booleans())
def test_the_order_of_what_is_given_makes_no_difference(
    numbers: list[tuple[int, int]], seed: int, has_lanes: bool
) -> None:
    nodes, edges = vertices(), as_edges(numbers, forwards=False)
    first = lay_out(nodes, edges, has_lanes=has_lanes)
    shuffled = random.Random(seed)
    shuffled.shuffle(nodes)
    shuffled.shuffle(edges)

    assert lay_out(nodes, edges, has_lanes=has_lanes) == first


@given(st.lists(pairs, max_size=60))
def test_each_node_stands_inside_its_lane(numbers: list[tuple[int, int]]) -> None:
    nodes = vertices()

    layout = lay_out(nodes, as_edges(numbers, forwards=False), has_lanes=True)

    bands = {band.name: band for band in layout.bands}
    for node in nodes:
        band, place = bands[node.lane], layout.places[node.id]
        assert band.y <= place.y
        assert place.y + HEIGHT <= band.y + band.height


def test_sources_stand_beside_what_came_of_them() -> None:
    nodes = [Vertex("data", -1), Vertex("base", -2), Vertex("model", -1), Vertex("flow", 0)]
    nodes.append(Vertex("result", 1))

    layout = lay_out(
        nodes, [("base", "model"), ("model", "flow"), ("data", "flow"), ("flow", "result")]
    )

    assert {each: place.column for each, place in layout.places.items()} == {
        "base": 0,
        "model": 1,
        "data": 1,
        "flow": 2,
        "result": 3,
    }


def test_a_chain_is_drawn_in_one_straight_line() -> None:
    layout = lay_out([Vertex("a"), Vertex("b"), Vertex("c")], [("a", "b"), ("b", "c")])

    assert len({place.y for place in layout.places.values()}) == 1


def test_two_edges_that_would_cross_are_laid_side_by_side() -> None:
    nodes = [Vertex("a", order="1"), Vertex("b", order="2"), Vertex("x", order="3")]
    nodes.append(Vertex("y", order="4"))

    places = lay_out(nodes, [("a", "y"), ("b", "x")]).places

    assert (places["a"].y < places["b"].y) == (places["y"].y < places["x"].y)
    assert abs(places["a"].y - places["b"].y) == HEIGHT + DOWN


def test_nothing_at_all_has_a_picture_too() -> None:
    layout = lay_out([], [])

    assert layout.places == {}
    assert layout.height > 0
