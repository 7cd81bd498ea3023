"""How one node leads to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.graph.answers import Answer
from lineage.graph.exploration import Walks, is_settled
from lineage.graph.roots import root_of
from lineage.graph.shapes import Direction, Graph
from lineage.graph.walk import Walked

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor


def between(actor: Actor, start: str, end: str, *, as_of: datetime | None = None) -> Graph:
    """Return everything that lies on a way of data from ``start`` to ``end``, both named as
    for ``explore``; levels count from the start. The graph has no edge where there is no way.

    Raises as ``explore`` does. A way through what the actor may not see is not told.
    """
    first, last = root_of(actor, start, as_of=as_of), root_of(actor, end, as_of=as_of)
    walks = Walks(actor, as_of)
    # Sources are few and fixed, what came of something may be much: the sources of the end first.
    back = walks.up({last})
    ways = _ways(back, first, last)
    if first not in back.distance:
        walks.sighting.admit_downstream({first})
    answer = Answer(walks.sighting, as_of)
    nodes, edges = answer.compose(Walked({}), ways)
    return Graph(
        root=answer.id_of(first),
        direction=Direction.DOWNSTREAM,
        depth=max(ways.distance.values(), default=0),
        nodes=nodes,
        edges=edges,
        truncated=back.is_truncated,
        has_more=back.has_more,
        as_of=as_of,
        settled=is_settled(as_of),
    )


def _ways(back: Walked, start: int, end: int) -> Walked:
    """Return what of a walk upstream from ``end`` can be reached from ``start``."""
    following: dict[int, list[int]] = {}
    for step in back.steps:
        following.setdefault(step.source, []).append(step.target)
    distance, level, far = {start: 0}, [start], 0
    while level:
        far += 1
        met = dict.fromkeys(target for source in level for target in following.get(source, ()))
        level = [key for key in met if key not in distance]
        distance |= dict.fromkeys(level, far)
    if end not in distance:
        return Walked({start: 0, end: 1})
    steps = [step for step in back.steps if step.source in distance]
    return Walked(distance, steps)
