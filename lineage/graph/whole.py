"""Everything that lies in a workspace, or was told there, with what each came from directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.graph.answers import Answer
from lineage.graph.exploration import Walks, is_settled
from lineage.graph.shapes import Direction, Graph
from lineage.graph.walk import Walked
from lineage.models import WorkspaceDataset
from registry import access
from registry.models import AssetVersion

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from registry.models import Workspace

MAX_ROOTS = 10_000
SLICE = 500  # what is asked for at a time
MAX_NODES = 50_000


def of_workspace(
    actor: Actor, workspace: str, *, as_of: datetime | None = None, limit: int = MAX_ROOTS
) -> Graph:
    """Return the versions of a workspace and the datasets that were told there, at level 0, and
    what they came from directly, at -1, now or as it was known at a moment.

    ``root`` is empty. At most ``limit`` versions and as many datasets, the oldest first; then it
    is truncated. Raises NotFound for a missing or foreign workspace.
    """
    place = access.workspace_by_slug(actor, workspace)
    versions, datasets = _versions(place, as_of, limit), _datasets(place, as_of, limit)
    is_truncated = max(len(versions), len(datasets)) > limit
    roots = [*versions[:limit], *(-pk for pk in datasets[:limit])]
    walks, whole = Walks(actor, as_of), Walked(dict.fromkeys(roots, 0))
    for start in range(0, len(roots), SLICE):
        part = walks.up(set(roots[start : start + SLICE]), depth=1, nodes=MAX_NODES)
        is_truncated |= part.is_truncated
        whole.distance = part.distance | whole.distance
        whole.steps += part.steps
    nodes, edges = Answer(walks.sighting, as_of).compose(whole, Walked({}))
    return Graph(
        root="",
        direction=Direction.UPSTREAM,
        depth=1,
        nodes=nodes,
        edges=edges,
        truncated=is_truncated,
        has_more=False,
        as_of=as_of,
        settled=is_settled(as_of),
    )


def _versions(place: Workspace, as_of: datetime | None, limit: int) -> list[int]:
    rows = AssetVersion.objects.filter(workspace=place, tombstone__isnull=True)
    if as_of is not None:
        rows = rows.filter(created_at__lte=as_of)
    return list(rows.order_by("pk").values_list("pk", flat=True)[: limit + 1])


def _datasets(place: Workspace, as_of: datetime | None, limit: int) -> list[int]:
    """Return the datasets that are nobody's assets: of those the graph has the versions."""
    rows = WorkspaceDataset.objects.filter(workspace=place, dataset__asset=None)
    if as_of is not None:
        rows = rows.filter(recorded_at__lte=as_of)
    return list(rows.order_by("pk").values_list("dataset_id", flat=True)[: limit + 1])
