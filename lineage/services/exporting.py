"""Export the lineage of a node or a workspace for another catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput, NotFound
from lineage.exports import atlas, datahub, openmetadata
from lineage.graph import explore
from lineage.graph.exploration import MAX_DEPTH
from lineage.graph.whole import MAX_ROOTS, of_workspace
from lineage.services.pictures import picture_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.actors import Actor
    from lineage.exports.picture import Picture

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
    node: str = "",
    *,
    workspace: str = "",
    direction: str = "both",
    depth: int = MAX_DEPTH,
    as_of: datetime | None = None,
    limit: int = MAX_ROOTS,
) -> Export:
    """Return the lineage around ``node``, or of everything in ``workspace``, as the catalogue
    ``target`` takes it, now or as it was known at a moment.

    Of a workspace it tells the versions that lie there, the datasets and jobs that events told
    there, and what they came from directly: at most ``limit`` versions and as many datasets.
    What ``actor`` may not see has no place in it. Raises NotFound for an unknown target, a missing
    or foreign workspace, InvalidInput where both or none are named, and as ``explore`` does.
    """
    if target not in FORMATS:
        raise NotFound
    if bool(node) == bool(workspace):
        raise InvalidInput.of("node", "name either a node or a workspace")
    if workspace:
        graph = of_workspace(actor, workspace, as_of=as_of, limit=limit)
    else:
        graph = explore(actor, node, direction=direction, depth=depth, as_of=as_of)
    picture = picture_of(actor, graph, has_every_job=bool(workspace))
    return Export(
        document=FORMATS[target](picture),
        hidden=sum(not (node.visible or node.frozen) for node in graph.nodes),
        is_partial=graph.truncated or graph.has_more,
    )
