"""What one run read and made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from core.denials import denial_of
from core.errors import Denial, NotFound
from lineage.graph.answers import Answer
from lineage.graph.exploration import MAX_EDGES, Walks
from lineage.graph.shapes import Direction, Graph
from lineage.graph.walk import Step, Walked
from lineage.models import DatasetEdge, Edge
from registry import access
from registry.models import AssetVersion
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor


def of_run(actor: Actor, run: UUID) -> Graph:
    """Return the edges that the run with that OpenLineage id made, of our own work or of others'.

    What it made is at level 0, what it read at -1. Raises NotFound where the actor may see nothing
    that it made.
    """
    walks = Walks(actor)
    steps = _own(run) + _told(actor, run)
    targets = {step.target for step in steps}
    walkable = walks.sighting.admit_downstream(targets)
    steps = [step for step in steps if step.target in walkable]
    if not steps:
        raise NotFound(denial=_denial(targets))
    walks.sighting.admit_upstream({step.source for step in steps} - walkable)
    made = {step.target for step in steps}
    distance = dict.fromkeys(sorted(made), 0)
    distance |= {step.source: 1 for step in steps if step.source not in made}
    answer = Answer(walks.sighting)
    nodes, edges = answer.compose(Walked(distance, steps[:MAX_EDGES]), Walked({}))
    return Graph(
        root=answer.id_of(min(made)),
        direction=Direction.UPSTREAM,
        depth=1,
        nodes=nodes,
        edges=edges,
        truncated=len(steps) > MAX_EDGES,
        has_more=False,
    )


def _denial(targets: set[int]) -> Denial | None:
    """Return what to write down where all that a run made is hidden: one attempt to see it."""
    if not targets:
        return None
    return denial_of(
        AssetVersion,
        {"pk": min(targets)},
        permission=Permission.VIEW.value,
        workspace_path="workspace",
    )


def _own(run: UUID) -> list[Step]:
    columns = ("source_id", "target_id", "relation", "run", "created_at")
    rows = Edge.objects.filter(run=run).order_by("pk")[: MAX_EDGES + 1]
    return [Step(*row) for row in rows.values_list(*columns)]


def _told(actor: Actor, run: UUID) -> list[Step]:
    open_ones = Q(run__run_id=run, closed_at__isnull=True)
    rows = DatasetEdge.objects.filter(access.in_reach(actor), open_ones).order_by("pk")
    return [
        Step(
            edge.source_version_id or -edge.source_id,
            edge.target_version_id or -edge.target_id,
            edge.basis,
            None,
            edge.recorded_at,
            edge.job_id,
            edge.run_id,
        )
        for edge in rows[: MAX_EDGES + 1]
    ]
