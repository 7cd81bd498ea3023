"""Explore the graph around one version, on behalf of an actor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.errors import InvalidInput
from core.references import parse
from lineage.graph import rows
from lineage.graph.visibility import Sight, Sighting
from lineage.graph.walk import Limits, Walked, walk
from registry.queries.versions import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from core.actors import Actor

DEFAULT_DEPTH = 5
MAX_DEPTH = 50
MAX_NODES = 2_000
MAX_EDGES = 10_000


class Direction(StrEnum):
    """Which way to look: where a version came from, what it went into, or both."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    BOTH = "both"


@dataclass(frozen=True)
class Node:
    """A version in the graph; ``level`` is its distance from the root, negative upstream.

    ``visible`` is false for a version that the caller may not see. Where frozen provenance names
    it, ``frozen`` is true and it has a name all the same; else ``id`` means nothing outside of
    this answer, one such node stands for every hidden neighbour of one version, and the rest is
    absent.
    """

    id: str
    level: int
    visible: bool
    frozen: bool = False
    ref: str | None = None
    kind: str | None = None
    name: str | None = None
    workspace: str | None = None
    number: int | None = None
    digest: str | None = None
    stage: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An edge of the graph: data flows from ``source`` to ``target``, ids of nodes.

    ``run`` is the OpenLineage run that made the target, of a promotion its id. An edge to a
    hidden version has neither relation nor run.
    """

    source: str
    target: str
    relation: str | None
    run: UUID | None


@dataclass(frozen=True)
class Graph:
    """The versions around ``root``; ``levels`` counts nodes by level.

    ``truncated``: a limit on nodes or edges left some out. ``has_more``: there are versions
    beyond the depth.
    """

    root: str
    direction: Direction
    depth: int
    nodes: tuple[Node, ...]
    edges: tuple[Link, ...]
    truncated: bool
    has_more: bool

    @property
    def levels(self) -> list[dict[str, int]]:
        """Return the number of nodes at each level, from the farthest source on."""
        counts: dict[int, int] = {}
        for node in self.nodes:
            counts[node.level] = counts.get(node.level, 0) + 1
        return [{"level": level, "nodes": counts[level]} for level in sorted(counts)]


def explore(
    actor: Actor, node: str, *, direction: str = "both", depth: int = DEFAULT_DEPTH
) -> Graph:
    """Return the graph around the version that the reference ``node`` names, by number or alias.

    ``both`` is everything upstream and everything downstream, not what else came of the same
    sources. Walks at most ``depth`` levels (0 to 50), 2,000 nodes and 10,000 edges. Raises
    InvalidInput for a malformed reference, direction or depth, NotFound for a missing or foreign
    version.
    """
    if direction not in tuple(Direction):
        raise InvalidInput.of("direction", f"must be one of {', '.join(Direction)}")
    if not 0 <= depth <= MAX_DEPTH:
        raise InvalidInput.of("depth", f"must be a number from 0 to {MAX_DEPTH}")
    reference = parse(node, instance=settings.INSTANCE, field="node")
    if reference.number is None and not reference.alias:
        raise InvalidInput.of("node", "must name a version by /number or @alias")
    root = resolve(actor, node)
    return _Exploration(actor, root.pk).run(Direction(direction), depth)


class _Exploration:
    """One walk upstream and one downstream, put together."""

    def __init__(self, actor: Actor, root: int) -> None:
        self.root = root
        self.sighting = Sighting(actor)
        self.sighting.admit_downstream({root})
        self.aliases: dict[int, list[str]] = {}

    def run(self, direction: Direction, depth: int) -> Graph:
        up = down = Walked({self.root: 0})
        if direction is not Direction.DOWNSTREAM:
            up = walk(
                self.root,
                upstream=True,
                neighbours=rows.edges_up,
                admit=self.sighting.admit_upstream,
                limits=Limits(depth, MAX_NODES, MAX_EDGES),
            )
        if direction is not Direction.UPSTREAM:
            down = walk(
                self.root,
                upstream=False,
                neighbours=rows.edges_down,
                admit=self.sighting.admit_downstream,
                limits=Limits(depth, MAX_NODES - len(up.distance) + 1, MAX_EDGES - len(up.steps)),
            )
        levels = {pk: -distance for pk, distance in up.distance.items()} | down.distance
        self.aliases = rows.aliases({pk for pk in levels if self._is(pk, Sight.VISIBLE)})
        stubs = _Stubs()
        edges = tuple(self._links(up, down, levels=levels, stubs=stubs))
        known = [pk for pk in levels if not self._is(pk, Sight.HIDDEN)]
        nodes = [self._node(pk, levels[pk]) for pk in known] + stubs.nodes
        return Graph(
            root=self.sighting.found[self.root].uuid,
            direction=direction,
            depth=depth,
            nodes=tuple(sorted(nodes, key=_reading_order)),
            edges=edges,
            truncated=up.is_truncated or down.is_truncated,
            has_more=up.has_more or down.has_more,
        )

    def _is(self, pk: int, sight: Sight) -> bool:
        return self.sighting.sights[pk] is sight

    def _node(self, pk: int, level: int) -> Node:
        row, is_visible = self.sighting.found[pk], self._is(pk, Sight.VISIBLE)
        return Node(
            id=row.uuid,
            level=level,
            visible=is_visible,
            frozen=not is_visible,
            ref=row.ref,
            kind=row.kind,
            name=row.name,
            workspace=row.workspace,
            number=row.number,
            digest=row.digest,
            stage=row.stage if is_visible else None,
            aliases=tuple(self.aliases.get(pk, ())),
        )

    def _links(
        self, up: Walked, down: Walked, *, levels: dict[int, int], stubs: _Stubs
    ) -> Iterator[Link]:
        found = self.sighting.found
        for step in up.steps:
            near = found[step.target].uuid
            if not self._is(step.source, Sight.HIDDEN):
                yield Link(found[step.source].uuid, near, step.relation, step.run)
            elif stub := stubs.new(near, levels[step.target] - 1):
                yield Link(stub, near, None, None)
        for step in down.steps:
            near = found[step.source].uuid
            if not self._is(step.target, Sight.HIDDEN):
                yield Link(near, found[step.target].uuid, step.relation, step.run)
            elif stub := stubs.new(near, levels[step.source] + 1):
                yield Link(near, stub, None, None)


class _Stubs:
    """The nodes that stand for hidden versions: one per version and side, so that neither their
    number nor which of them are the same can be told."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._ids: dict[tuple[str, int], str] = {}

    def new(self, near: str, level: int) -> str | None:
        """Return the id of a new stub beside ``near``, or None where one is there already."""
        if (near, level) in self._ids:
            return None
        stub = f"hidden-{len(self._ids) + 1}"
        self._ids[near, level] = stub
        self.nodes.append(Node(id=stub, level=level, visible=False))
        return stub


def _reading_order(node: Node) -> tuple[Any, ...]:
    return node.level, node.ref is None, node.ref or "", node.id
