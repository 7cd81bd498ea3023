"""Explore the graph around one node, on behalf of an actor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.consumers import has_heard
from core.errors import InvalidInput
from lineage.graph.answers import Answer
from lineage.graph.neighbours import Neighbourhood
from lineage.graph.roots import root_of
from lineage.graph.shapes import Direction, Graph
from lineage.graph.visibility import Sighting
from lineage.graph.walk import Limits, Walked, walk
from lineage.mapping.journal import MAPPINGS

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from core.actors import Actor

CONSUMER = "lineage"
DEFAULT_DEPTH = 5
MAX_DEPTH = 50
MAX_NODES = 2_000
MAX_EDGES = 10_000


def explore(
    actor: Actor,
    node: str,
    *,
    direction: str = "both",
    depth: int = DEFAULT_DEPTH,
    as_of: datetime | None = None,
) -> Graph:
    """Return the graph around ``node``: the reference of a version, by number or alias, or
    ``dataset:{uuid}`` of a dataset outside, as graphs name it.

    ``both`` is everything upstream and everything downstream, not what else came of the same
    sources. Walks at most ``depth`` levels (0 to 50), 2,000 nodes and 10,000 edges. With ``as_of``
    it is the graph as it was known at that moment. Raises InvalidInput for a malformed reference,
    direction or depth, NotFound for a missing or foreign node, or one that did not exist then.
    """
    checked(direction, depth)
    root = root_of(actor, node, as_of=as_of)
    walks = Walks(actor, as_of)
    up = down = Walked({root: 0})
    if direction != Direction.DOWNSTREAM:
        up = walks.up({root}, depth=depth)
    if direction != Direction.UPSTREAM:
        down = walks.down({root}, depth=depth, beside=up)
    answer = Answer(walks.sighting, as_of)
    nodes, edges = answer.compose(up, down)
    return Graph(
        root=answer.id_of(root),
        direction=Direction(direction),
        depth=depth,
        nodes=nodes,
        edges=edges,
        truncated=up.is_truncated or down.is_truncated,
        has_more=up.has_more or down.has_more,
        as_of=as_of,
        settled=is_settled(as_of),
    )


def checked(direction: str, depth: int) -> None:
    """Raise InvalidInput for a direction that is none, and a depth that is too great."""
    if direction not in tuple(Direction):
        raise InvalidInput.of("direction", f"must be one of {', '.join(Direction)}")
    if not 0 <= depth <= MAX_DEPTH:
        raise InvalidInput.of("depth", f"must be a number from 0 to {MAX_DEPTH}")


def is_settled(as_of: datetime | None) -> bool:
    """Tell whether the graph of a moment can no longer change."""
    return as_of is None or has_heard(CONSUMER, as_of, actions=MAPPINGS.keys())


@dataclass
class Walks:
    """Walks of one actor, as of a moment or now; they share what was found out about access."""

    actor: Actor
    as_of: datetime | None = None
    sighting: Sighting = field(init=False)

    def __post_init__(self) -> None:
        self.sighting = Sighting(self.actor)

    def neighbourhood(self) -> Neighbourhood:
        """Return what answers the edges around nodes, for one walk."""
        return Neighbourhood(self.actor, self.as_of)

    def up(
        self, roots: AbstractSet[int], *, depth: int = MAX_DEPTH, nodes: int = MAX_NODES
    ) -> Walked:
        """Walk from ``roots`` to all that they came from."""
        self.sighting.admit_downstream(roots)
        return walk(
            roots,
            upstream=True,
            neighbours=self.neighbourhood().up,
            admit=self.sighting.admit_upstream,
            limits=Limits(depth, nodes, MAX_EDGES),
        )

    def down(
        self, roots: AbstractSet[int], *, depth: int = MAX_DEPTH, beside: Walked | None = None
    ) -> Walked:
        """Walk from ``roots`` to all that came of them, within what ``beside`` left of the limits
        on nodes and edges."""
        self.sighting.admit_downstream(roots)
        met, steps = (len(beside.distance), len(beside.steps)) if beside else (len(roots), 0)
        return walk(
            roots,
            upstream=False,
            neighbours=self.neighbourhood().down,
            admit=self.sighting.admit_downstream,
            limits=Limits(depth, MAX_NODES - met + len(roots), MAX_EDGES - steps),
        )


def sources_of(actor: Actor, versions: AbstractSet[int], *, as_of: datetime | None = None) -> Graph:
    """Return everything upstream of several versions, given by their row ids, which the actor must
    be allowed to see. ``root`` is empty, and levels count from the nearest of them.
    """
    walks = Walks(actor, as_of)
    up = walks.up(versions)
    nodes, edges = Answer(walks.sighting, as_of).compose(up, Walked({}))
    return Graph(
        root="",
        direction=Direction.UPSTREAM,
        depth=MAX_DEPTH,
        nodes=nodes,
        edges=edges,
        truncated=up.is_truncated,
        has_more=up.has_more,
        as_of=as_of,
        settled=is_settled(as_of),
    )
