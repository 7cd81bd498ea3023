"""Breadth-first search by whole levels, apart from where the edges are kept.

One question per level keeps the number of queries that of the levels, each node is met at its
least distance, and a caller decides between levels where the walk may go on. Nodes are whole
numbers: the id of a version, or the id of a dataset outside with a minus.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


class Step(NamedTuple):
    """An edge as stored: data flows from ``source`` to ``target``, both keys of nodes.

    ``run``, the public id of an OpenLineage run, and ``recorded_at`` are as the database gives
    them (see ``lineage.graph.statements``); ``job`` and
    ``told_by`` are ids of the job and the run of an event that others sent.
    """

    source: int
    target: int
    relation: str
    run: Any = None
    recorded_at: Any = None
    job: int | None = None
    told_by: int | None = None


class Neighbours(Protocol):
    """Answers the edges that lead from a level to the next, at most ``limit`` of them."""

    def __call__(self, level: AbstractSet[int], *, limit: int) -> list[Step]: ...


class Admit(Protocol):
    """Told of newly met keys; returns those from which the walk may go on."""

    def __call__(self, met: AbstractSet[int]) -> AbstractSet[int]: ...


@dataclass(frozen=True)
class Limits:
    """How far a walk may go: levels, nodes met, and edges read."""

    depth: int
    nodes: int
    edges: int


@dataclass
class Walked:
    """What a walk met: the distance of each node, the edges, and what it left out.

    ``is_truncated`` says that a limit on nodes or edges cut it short, ``has_more`` that nodes
    lie beyond the depth.
    """

    distance: dict[int, int]
    steps: list[Step] = field(default_factory=list)
    is_truncated: bool = False
    has_more: bool = False


def walk(
    roots: AbstractSet[int],
    *,
    upstream: bool,
    neighbours: Neighbours,
    admit: Admit,
    limits: Limits,
) -> Walked:
    """Walk from ``roots`` along the edges, or against them where ``upstream``."""
    walked = Walked(dict.fromkeys(sorted(roots), 0))
    level: AbstractSet[int] = roots
    for distance in range(1, limits.depth + 1):
        left = limits.edges - len(walked.steps)
        steps = neighbours(level, limit=left + 1)
        if len(steps) > left:
            walked.is_truncated = True
            steps = steps[:left]
        met = _newly_met(steps, walked, upstream=upstream, limit=limits.nodes)
        walked.distance |= dict.fromkeys(met, distance)
        known = walked.distance
        walked.steps += [step for step in steps if step[0] in known and step[1] in known]
        level = admit(met) if met else met
        if not level or walked.is_truncated:
            return walked
    walked.has_more = bool(neighbours(level, limit=1))
    return walked


def _newly_met(steps: list[Step], walked: Walked, *, upstream: bool, limit: int) -> set[int]:
    """Return the far ends that are new, as many as there is room for, oldest version first."""
    ends = {step.source if upstream else step.target for step in steps} - walked.distance.keys()
    room = max(limit - len(walked.distance), 0)
    if len(ends) <= room:
        return ends
    walked.is_truncated = True
    return set(sorted(ends, key=_oldest_version_first)[:room])


def _oldest_version_first(key: int) -> tuple[bool, int]:
    return key < 0, abs(key)
