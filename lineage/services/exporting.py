"""Export the lineage of a version for another catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from core.errors import NotFound
from lineage.exports import atlas, datahub, openmetadata
from lineage.exports.picture import Edge, Picture, Version
from lineage.graph import explore
from lineage.graph.exploration import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.actors import Actor
    from lineage.graph import Graph

FORMATS: dict[str, Callable[[Picture], Any]] = {
    "datahub": datahub.document,
    "openmetadata": openmetadata.document,
    "atlas": atlas.document,
}


@dataclass(frozen=True)
class Export:
    """The document, and what it lacks: how many nodes have no name for whoever asked, and whether
    a limit or the depth left something out."""

    document: Any
    hidden: int
    is_partial: bool


def export(
    actor: Actor,
    target: str,
    node: str,
    *,
    direction: str = "both",
    depth: int = MAX_DEPTH,
    as_of: datetime | None = None,
) -> Export:
    """Return the lineage around the version ``node`` as the catalogue ``target`` takes it, now or
    as it was known at a moment.

    Versions that ``actor`` may not see have no place in it. Raises NotFound for an unknown
    target, and as ``explore`` does.
    """
    if target not in FORMATS:
        raise NotFound
    graph = explore(actor, node, direction=direction, depth=depth, as_of=as_of)
    picture = picture_of(graph)
    return Export(
        document=FORMATS[target](picture),
        hidden=sum(not (node.visible or node.frozen) for node in graph.nodes),
        is_partial=graph.truncated or graph.has_more,
    )


def picture_of(graph: Graph) -> Picture:
    """Return what of a graph has a name, in an order that does not depend on who walked it."""
    versions = [
        Version(
            id=node.id,
            ref=node.ref,
            workspace=node.workspace or "",
            kind=node.kind or "",
            name=node.name or "",
            number=node.number or 0,
            digest=node.digest or "",
            stage=node.stage or "",
            aliases=tuple(sorted(node.aliases)),
        )
        for node in graph.nodes
        if node.ref is not None
    ]
    named = {version.id for version in versions}
    edges = {
        Edge(link.source, link.target, link.relation, str(link.run))
        for link in graph.edges
        if link.relation is not None and {link.source, link.target} <= named
    }
    return Picture(
        settings.INSTANCE,
        tuple(sorted(versions, key=lambda each: each.path)),
        tuple(sorted(edges, key=lambda each: (each.target, each.source, each.relation, each.run))),
    )
