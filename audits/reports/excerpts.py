"""The lineage of what a report tells of: where the versions in production, or the one that it is
about, came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from core.actors import system
from core.references import parse
from lineage.graph.exploration import sources_of
from lineage.graph.shapes import NodeType
from registry.models import AssetVersion, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from lineage.graph.shapes import Graph, Node

MAX_ROOTS, MAX_NODES = 20, 60


@dataclass(frozen=True)
class NodeFacts:
    """A version, or with ``is_outside`` a dataset elsewhere. ``level`` is 0 for what the report
    tells of, and less for each step upstream; ``digest`` is empty outside. ``is_frozen``: known
    by the provenance that a promotion froze."""

    id: str
    level: int
    name: str
    kind: str
    number: int | None
    place: str
    stage: str
    reference: str
    digest: str
    is_outside: bool
    is_frozen: bool


@dataclass(frozen=True)
class EdgeFacts:
    """``source`` went into ``target`` (ids of nodes) in the way that ``relation`` names."""

    source: str
    target: str
    relation: str


@dataclass(frozen=True)
class LineageFacts:
    """What was known of it at that time; ``left_out`` counts the nodes beyond those, the farthest
    ones, that an excerpt has room for."""

    nodes: tuple[NodeFacts, ...]
    edges: tuple[EdgeFacts, ...]
    left_out: int


def excerpt(
    references: Sequence[str], *, workspaces: Collection[str], at: datetime
) -> LineageFacts:
    """Return where the versions of those references came from, as far as who may see
    ``workspaces`` (slugs), and nothing else, may know."""
    keys = _versions(references[:MAX_ROOTS])
    places = Workspace.objects.filter(slug__in=workspaces).values_list("pk", flat=True)
    reader = replace(system(), workspaces=frozenset(places))
    graph = sources_of(reader, keys, as_of=at)
    known = sorted(
        (node for node in graph.nodes if node.visible or node.frozen),
        key=lambda node: (-node.level, node.ref or "", node.namespace or "", node.id),
    )
    shown = tuple(map(_node, known[:MAX_NODES]))
    return LineageFacts(shown, _edges(graph, {node.id for node in shown}), len(known) - len(shown))


def _versions(references: Sequence[str]) -> set[int]:
    wanted = [parse(each, instance=settings.INSTANCE) for each in references]
    if not wanted:
        return set()
    conditions = (
        Q(
            asset__workspace__slug=each.workspace,
            asset__kind=each.kind,
            asset__name=each.name,
            number=each.number,
        )
        for each in wanted
    )
    found = AssetVersion.objects.filter(reduce(or_, conditions))
    return set(found.values_list("pk", flat=True))


def _edges(graph: Graph, shown: Collection[str]) -> tuple[EdgeFacts, ...]:
    edges = {
        EdgeFacts(edge.source, edge.target, edge.relation or "")
        for edge in graph.edges
        if edge.source in shown and edge.target in shown
    }
    return tuple(sorted(edges, key=lambda edge: (edge.source, edge.target, edge.relation)))


def _node(node: Node) -> NodeFacts:
    is_outside = node.type == NodeType.DATASET
    return NodeFacts(
        id=node.id,
        level=node.level,
        name=node.name or "",
        kind=node.kind or "",
        number=node.number,
        place=(node.namespace if is_outside else node.workspace) or "",
        stage=node.stage or "",
        reference=node.ref or "",
        digest=node.digest or "",
        is_outside=is_outside,
        is_frozen=node.frozen,
    )
