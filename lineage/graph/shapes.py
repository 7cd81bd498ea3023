"""The graph as it is answered: nodes, edges, and how much of it this is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID


class Direction(StrEnum):
    """Which way to look: where a version came from, what it went into, or both."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    BOTH = "both"


class NodeType(StrEnum):
    """What a node stands for: a version of ours, a dataset outside, or a roll-up of nodes."""

    VERSION = "version"
    DATASET = "dataset"
    ASSET = "asset"
    JOB = "job"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph; ``level`` is its distance from the root, negative upstream.

    ``visible`` is false for a version that the caller may not see. Where frozen provenance names
    it, ``frozen`` is true and it has a name all the same; else ``id`` means nothing outside of
    this answer, one such node stands for every hidden neighbour of one version, and the rest is
    absent. A dataset outside has ``namespace`` and ``name``, and neither ref nor digest.
    ``members`` counts the nodes that a roll-up stands for.
    """

    id: str
    level: int
    visible: bool
    type: NodeType = NodeType.VERSION
    frozen: bool = False
    ref: str | None = None
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    workspace: str | None = None
    number: int | None = None
    digest: str | None = None
    stage: str | None = None
    aliases: tuple[str, ...] = ()
    members: int = 1


class JobName(NamedTuple):
    """What OpenLineage calls a job."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


class Link(NamedTuple):
    """An edge of the graph: data flows from ``source`` to ``target``, ids of nodes.

    ``relation`` is the link role of the target, ``promoted``, ``located_at`` (the bytes of a
    version lie at a dataset outside), ``symlink`` (another name of a dataset), or, between
    datasets, how the edge is known: explicit, column or cartesian. ``run`` is the OpenLineage run
    that made the target, of a promotion its id; ``job`` the job of an event that others sent.
    ``recorded_at`` is when it was first known here. An edge to a hidden version has none of these.
    """

    source: str
    target: str
    relation: str | None
    run: UUID | None
    job: JobName | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Graph:
    """The graph around ``root``; ``levels`` counts nodes by level.

    ``truncated``: a limit on nodes or edges left some out. ``has_more``: there are nodes beyond
    the depth. ``as_of``: the moment whose graph this is, None for now. ``settled``: everything that
    had happened by then is in it, so that it stays as it is.
    """

    root: str
    direction: Direction
    depth: int
    nodes: tuple[Node, ...]
    edges: tuple[Link, ...]
    truncated: bool
    has_more: bool
    as_of: datetime | None = None
    settled: bool = True

    @property
    def levels(self) -> list[dict[str, int]]:
        """Return the number of nodes at each level, from the farthest source on."""
        counts: dict[int, int] = {}
        for node in self.nodes:
            counts[node.level] = counts.get(node.level, 0) + 1
        return [{"level": level, "nodes": counts[level]} for level in sorted(counts)]

    @property
    def by_id(self) -> dict[str, Node]:
        """Return the nodes by their ids."""
        return {node.id: node for node in self.nodes}


def reading_order(node: Node) -> tuple[Any, ...]:
    """Return the key that sorts nodes: by level, then by name, hidden ones last."""
    return node.level, node.name is None, node.ref or f"{node.namespace} {node.name}", node.id
