"""What of a graph is drawn: nodes with many neighbours show some, versions of an asset may be one.

The whole graph stays in the table beside the picture; here is only decided what stands in it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

UP, DOWN = "up", "down"
# Neighbours that a node shows on a side, and nodes after which no further ones are shown, unless
# asked for.
NEIGHBOURS, NODES = 8, 120

Edge = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A node: ``level`` is its signed distance from the root, ``asset`` what it is a version of,
    empty where it is never put together with others."""

    id: str
    level: int
    order: str = ""
    asset: str = ""


@dataclass(frozen=True)
class Wishes:
    """What a reader asked for: ``opened`` and ``shut`` name sides of nodes as ``up:<id>``, or
    ``all:<asset>`` for an asset whose versions stand alone; ``rolls_up`` puts others together."""

    opened: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    rolls_up: bool = False
    neighbours: int = NEIGHBOURS
    nodes: int = NODES


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours of ``owner`` on a side that are not drawn."""

    owner: str
    side: str
    members: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return the name of the group, which opens it."""
        return f"{self.side}:{self.owner}"


@dataclass(frozen=True)
class Folded:
    """What is drawn: nodes by id, edges with their relations, groups of what is not.

    ``rolls`` are the nodes that stand for several versions, with their members. ``inner`` tells
    for each node on which sides it has neighbours that are drawn, which can be shut.
    """

    nodes: dict[str, Item]
    edges: dict[tuple[str, str], tuple[str, ...]]
    groups: tuple[Group, ...] = ()
    rolls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inner: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def standing_for(self) -> int:
        """Return how many nodes of the graph stand in the picture, each version counted."""
        return sum(len(self.rolls.get(each, (each,))) for each in self.nodes)


def fold(items: Iterable[Item], edges: Iterable[Edge], root: str, wishes: Wishes) -> Folded:
    """Return what of the graph is drawn around ``root``: the same for the same graph and wishes."""
    nodes = {each.id: each for each in sorted(items, key=_rank)}
    rolls = _rolls(nodes.values(), root, wishes) if wishes.rolls_up else {}
    stands_in = {member: roll for roll, members in rolls.items() for member in members}
    for roll, members in rolls.items():
        nearest = min((nodes[each] for each in members), key=lambda each: abs(each.level))
        nodes[roll] = Item(roll, nearest.level, nearest.order, nearest.asset)
    for member in stands_in:
        del nodes[member]
    relations = _merged(edges, stands_in, nodes)
    around = _outwards(nodes, relations)
    shown = _walk(nodes, around, root, wishes)
    groups = [
        Group(owner, side, left)
        for (owner, side), near in around.items()
        if owner in shown and (left := tuple(each for each in near if each not in shown))
    ]
    inner: dict[str, list[str]] = defaultdict(list)
    for (owner, side), near in around.items():
        if owner in shown and any(each in shown for each in near):
            inner[owner].append(side)
    return Folded(
        {each: nodes[each] for each in nodes if each in shown},
        {pair: found for pair, found in relations.items() if shown.issuperset(pair)},
        tuple(sorted(groups, key=lambda group: group.id)),
        {roll: members for roll, members in rolls.items() if roll in shown},
        {owner: tuple(sorted(sides)) for owner, sides in inner.items()},
    )


def _rank(item: Item) -> tuple[int, str, str]:
    return abs(item.level), item.order, item.id


def _rolls(items: Iterable[Item], root: str, wishes: Wishes) -> dict[str, tuple[str, ...]]:
    """Return the versions of each asset that are drawn as one: those of one side of the root."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if item.asset and item.id != root and f"all:{item.asset}" not in wishes.opened:
            side = UP if item.level < 0 else DOWN
            found[f"asset:{side}:{item.asset}"].append(item.id)
    return {roll: tuple(members) for roll, members in found.items() if len(members) > 1}


def _merged(
    edges: Iterable[Edge], stands_in: Mapping[str, str], nodes: Collection[str]
) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, target, relation in edges:
        pair = stands_in.get(source, source), stands_in.get(target, target)
        if pair[0] != pair[1] and pair[0] in nodes and pair[1] in nodes:
            found[pair].add(relation)
    return {pair: tuple(sorted(found[pair])) for pair in sorted(found)}


def _outwards(
    nodes: Mapping[str, Item], pairs: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """Return the neighbours of each node on the side that leads away from the root, in order."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, target in pairs:
        if nodes[source].level < 0:
            found[target, UP].add(source)
        if nodes[target].level > 0:
            found[source, DOWN].add(target)
    return {key: sorted(near, key=lambda each: _rank(nodes[each])) for key, near in found.items()}


def _walk(
    nodes: Mapping[str, Item],
    around: Mapping[tuple[str, str], list[str]],
    root: str,
    wishes: Wishes,
) -> set[str]:
    """Return the nodes that are drawn: from the root outwards, as many neighbours as wished.

    One neighbour is never left out alone: the note on it would take its room.
    """
    shown, waiting = {root}, deque([root])
    while waiting:
        owner = waiting.popleft()
        for side in (UP, DOWN):
            near = around.get((owner, side), [])
            new = [each for each in near if each not in shown]
            most = _most(f"{side}:{owner}", len(shown), wishes, is_root=owner == root)
            already = len(near) - len(new)
            room = max(most - already, 0)
            if most and len(new) <= room + 1:
                room = len(new)
            for each in new[:room]:
                shown.add(each)
                waiting.append(each)
    return shown


def _most(side: str, drawn: int, wishes: Wishes, *, is_root: bool) -> int:
    if side in wishes.opened:
        return 1_000_000
    if side in wishes.shut or (drawn >= wishes.nodes and not is_root):
        return 0
    return wishes.neighbours
