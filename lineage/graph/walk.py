"""Breadth-first search by whole levels, apart from where the edges are kept.

One question per level keeps the number of queries that of the levels, each version is met at its
least distance, and a caller decides between levels where the walk may go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


class Step(NamedTuple):
    """An edge as stored: data flows from ``source`` to ``target``, both ids of versions."""

    source: int
    target: int
    relation: str
    run: UUID


class Neighbours(Protocol):
    """Answers the edges that lead from a level to the next, at most ``limit`` of them."""

    def __call__(self, level: AbstractSet[int], *, limit: int) -> list[Step]: ...


class Admit(Protocol):
    """Told of newly met ids; returns those from which the walk may go on."""

    def __call__(self, met: AbstractSet[int]) -> AbstractSet[int]: ...


@dataclass(frozen=True)
class Limits:
    """How far a walk may go: levels, versions met, and edges read."""

    depth: int
    nodes: int
    edges: int


@dataclass
class Walked:
    """What a walk met: the distance of each version, the edges, and what it left out.

    ``is_truncated`` says that a limit on nodes or edges cut it short, ``has_more`` that versions
    lie beyond the depth.
    """

    distance: dict[int, int]
    steps: list[Step] = field(default_factory=list)
    is_truncated: bool = False
    has_more: bool = False


def walk(
    root: int, *, upstream: bool, neighbours: Neighbours, admit: Admit, limits: Limits
) -> Walked:
    """Walk from ``root`` along the edges, or against them where ``upstream``."""
    walked = Walked({root: 0})
    level: AbstractSet[int] = {root}
    for distance in range(1, limits.depth + 1):
        left = limits.edges - len(walked.steps)
        steps = neighbours(level, limit=left + 1)
        if len(steps) > left:
            walked.is_truncated = True
            steps = steps[:left]
        met = _newly_met(steps, walked, upstream=upstream, limit=limits.nodes)
        walked.distance |= dict.fromkeys(met, distance)
        walked.steps += [
            step
            for step in steps
            if step.source in walked.distance and step.target in walked.distance
        ]
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
    return set(sorted(ends)[:room])
