"""What of a large graph is drawn."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from lineage.drawing.folding import Edge, Folded, Item, Wishes, fold


def fan(count: int, *, level: int = -1) -> tuple[list[Item], list[Edge]]:
    """A root with ``count`` neighbours on one side."""
    items = [Item("root", 0)] + [Item(f"n{each:02}", level, f"{each:02}") for each in range(count)]
    pairs = [(item.id, "root") if level < 0 else ("root", item.id) for item in items[1:]]
    return items, [(source, target, "trained_on") for source, target in pairs]


def drawn(count: int, **wishes: object) -> Folded:
    return fold(*fan(count), "root", Wishes(**wishes))  # type: ignore[arg-type]


def test_a_node_with_few_neighbours_shows_them_all() -> None:
    folded = drawn(8)

    assert len(folded.nodes) == 9
    assert folded.groups == ()


def test_a_node_with_many_neighbours_shows_some_and_counts_the_rest() -> None:
    folded = drawn(45)

    (group,) = folded.groups
    assert len(folded.nodes) == 9
    assert (group.id, len(group.members)) == ("up:root", 37)


def test_one_neighbour_is_never_left_out_alone() -> None:
    assert drawn(9).groups == ()


def test_a_group_opens_when_asked_and_a_side_shuts() -> None:
    opened = drawn(45, opened=frozenset({"up:root"}))
    shut = drawn(5, shut=frozenset({"up:root"}))

    assert len(opened.nodes) == 46
    assert opened.inner == {"root": ("up",)}
    assert list(shut.nodes) == ["root"]
    assert len(shut.groups[0].members) == 5


def test_what_lies_behind_a_node_that_is_not_drawn_is_not_drawn() -> None:
    items, edges = fan(20)
    items.append(Item("far", -2))
    edges.append(("far", "n19", "derived_from"))

    assert "far" not in fold(items, edges, "root", Wishes()).nodes
    assert "far" in fold(items, edges, "root", Wishes(opened=frozenset({"up:root"}))).nodes


def test_what_is_reached_another_way_is_drawn_and_not_counted_as_left_out() -> None:
    items, edges = fan(20)
    edges += [("n19", "n00", "derived_from"), ("n18", "n00", "derived_from")]

    folded = fold(items, edges, "root", Wishes())

    assert {"n19", "n18"} <= set(folded.nodes)
    assert len(folded.groups[0].members) == 10
    assert ("n19", "root") in folded.edges


def test_a_large_graph_stops_at_so_many_nodes() -> None:
    items, edges = fan(6, level=1)
    for level in range(2, 6):
        for item in [each for each in items if each.level == level - 1]:
            for number in range(5):
                child = Item(f"{item.id}.{number}", level)
                items.append(child)
                edges.append((item.id, child.id, "derived_from"))

    folded = fold(items, edges, "root", Wishes())

    assert len(items) > 4_000
    assert 120 <= len(folded.nodes) < 130
    assert folded.groups


def test_versions_of_an_asset_are_one_node_when_wished_and_open_again() -> None:
    items = [Item("root", 0, asset="flow"), Item("result", 1)]
    items += [Item(f"m{each}", -1, asset="model") for each in range(4)]
    edges = [(f"m{each}", "root", "uses_model") for each in range(4)]
    edges += [("m0", "m1", "derived_from"), ("root", "result", "evaluates")]

    rolled = fold(items, edges, "root", Wishes(rolls_up=True))
    opened = fold(items, edges, "root", Wishes(frozenset({"all:model"}), rolls_up=True))

    assert set(rolled.nodes) == {"root", "result", "asset:up:model"}
    assert rolled.rolls == {"asset:up:model": ("m0", "m1", "m2", "m3")}
    assert rolled.edges["asset:up:model", "root"] == ("uses_model",)
    assert rolled.standing_for == 6
    assert len(opened.nodes) == 6


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=90),
    st.integers(),
    st.booleans(),
)
def test_the_order_of_what_is_given_makes_no_difference(
    pairs: list[tuple[int, int]], seed: int, rolls_up: bool
) -> None:
    items = [Item(str(each), each - 15, asset=f"a{each % 7}") for each in range(31)]
    edges = [(str(min(pair)), str(max(pair)), "derived_from") for pair in pairs]
    wishes = Wishes(rolls_up=rolls_up, neighbours=2, nodes=12)
    first = fold(items, edges, "15", wishes)
    shuffled = random.Random(seed)
    shuffled.shuffle(items)
    shuffled.shuffle(edges)

    assert fold(items, edges, "15", wishes) == first
