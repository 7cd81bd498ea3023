"""When the graph around a node changed: what came to be known, and what no longer held."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Min

from lineage.graph import statements
from lineage.graph.exploration import DEFAULT_DEPTH, MAX_EDGES, Walks, checked
from lineage.graph.neighbours import EDGE, Neighbourhood
from lineage.graph.roots import root_of
from lineage.graph.shapes import Direction
from lineage.graph.visibility import Sight
from lineage.models import DatasetEdge
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from django.db.models import Q, QuerySet

    from core.actors import Actor
    from lineage.graph.walk import Step

# From when to when an edge was known; without an end it still is.
Span = tuple["datetime", "datetime | None"]
Told = tuple[int, int, str, int | None]  # ends, relation and job of a step


def changes(
    actor: Actor, node: str, *, direction: str = "both", depth: int = DEFAULT_DEPTH
) -> list[datetime]:
    """Return the moments at which the graph around ``node`` changed, oldest first: as of each of
    them ``explore`` answers something else than just before, of edges that ``actor`` may see.

    Arguments and failures are those of ``explore``.
    """
    checked(direction, depth)
    root = root_of(actor, node)
    walks = _AllTime(actor)
    up = walks.up({root}, depth=depth).steps if direction != Direction.DOWNSTREAM else []
    down = walks.down({root}, depth=depth).steps if direction != Direction.UPSTREAM else []
    found: set[datetime] = set()
    for step in (*up, *down):
        if Sight.HIDDEN not in (walks.sighting.sights[end] for end in step[:2]):
            found.update(_moments(step, walks.spans))
    return sorted(found)


def _moments(step: Step, spans: dict[Told, list[Span]]) -> Iterable[datetime]:
    known = spans.get((step.source, step.target, step.relation, step.job))
    if known is not None:
        return _bounds(known)
    return [statements.moment(step.recorded_at)] if step.recorded_at else []


def _bounds(spans: Iterable[Span]) -> Iterator[datetime]:
    """Yield when a stretch of spans that overlap or meet begins, and when it ends."""
    end: datetime | None = None
    is_begun = False
    for start, until in sorted(spans, key=lambda span: span[0]):
        if not is_begun or (end is not None and start > end):
            if end is not None:
                yield end
            yield start
            is_begun, end = True, until
        elif end is not None:
            end = None if until is None else max(end, until)
    if end is not None:
        yield end


@dataclass
class _AllTime(Walks):
    """Walks over all edges that ever were."""

    spans: dict[Told, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def neighbourhood(self) -> Neighbourhood:
        """Return the edges around nodes, which note when they were known."""
        return _Ever(self.actor, spans=self.spans)


@dataclass
class _Ever(Neighbourhood):
    """Edges around nodes, whether they still hold or not."""

    spans: dict[Told, list[Span]] = field(default_factory=dict)

    def _known(self) -> QuerySet[DatasetEdge]:
        return DatasetEdge.objects.filter(access.in_reach(self.actor))

    def _dated(self, condition: Q, ids: AbstractSet[int]) -> list[tuple[Step, datetime]]:
        if ids:
            rows = self._known().filter(condition).order_by()
            still = rows.filter(closed_at=None).values_list(*EDGE).annotate(Min("recorded_at"))
            for *edge, start in still:
                self._note(edge, (start, None))
            closed = rows.exclude(closed_at=None).values_list(*EDGE, "recorded_at", "closed_at")
            for *edge, start, end in closed.distinct()[:MAX_EDGES]:
                self._note(edge, (start, end))
        return super()._dated(condition, ids)

    def _note(self, edge: list[Any], span: Span) -> None:
        outer, inner, source, target, basis, job = edge
        self.spans[source or -outer, target or -inner, basis, job].append(span)
