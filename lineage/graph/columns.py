"""Lineage between columns: which field of a dataset was made from which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from core.errors import NotFound
from lineage.graph.chunks import chunks
from lineage.graph.exploration import MAX_NODES, checked
from lineage.graph.shapes import Direction
from lineage.models import ColumnEdge, Dataset, WorkspaceDataset
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from core.actors import Actor


@dataclass(frozen=True)
class Column:
    """A field of a dataset, and its distance from the one asked for, negative upstream."""

    namespace: str
    dataset: str
    column: str
    level: int


@dataclass(frozen=True)
class ColumnLink:
    """``target`` was made from ``source``, each (namespace, dataset, column)."""

    source: tuple[str, str, str]
    target: tuple[str, str, str]
    transformations: list[dict[str, Any]]
    job: str | None


@dataclass(frozen=True)
class Columns:
    """Columns in the order of their levels, and what leads from one to the next."""

    columns: list[Column]
    edges: list[ColumnLink]
    truncated: bool


def columns(
    actor: Actor,
    namespace: str,
    dataset: str,
    column: str = "",
    *,
    direction: str = "upstream",
    depth: int = 10,
    as_of: datetime | None = None,
) -> Columns:
    """Return the columns that a column, or every column of a dataset, came from or went into.

    Walks at most ``depth`` levels and 2,000 columns, over what the events of workspaces that the
    actor may see told. Raises InvalidInput, NotFound for a dataset nobody told the actor of.
    """
    checked(direction, depth)
    seen = WorkspaceDataset.objects.filter(
        access.in_reach(actor), dataset__namespace=namespace, dataset__name=dataset
    )
    found = Dataset.objects.filter(pk__in=seen.values("dataset")).first()
    if found is None:
        raise NotFound
    walk = _Columns(actor, as_of)
    for way in (Direction.UPSTREAM, Direction.DOWNSTREAM):
        if direction in (way, Direction.BOTH):
            walk.go(found, column, way=way, depth=depth)
    levels = sorted(walk.levels.items(), key=lambda item: (item[1], item[0]))
    return Columns(
        [Column(*name, level) for name, level in levels],
        list(walk.edges.values()),
        walk.is_truncated,
    )


class _Columns:
    """A walk along column edges, level by level."""

    def __init__(self, actor: Actor, as_of: datetime | None) -> None:
        self.rows = ColumnEdge.objects.filter(access.in_reach(actor)).select_related(
            "source", "target", "job"
        )
        if as_of is None:
            self.rows = self.rows.filter(closed_at__isnull=True)
        else:
            still = Q(closed_at__isnull=True) | Q(closed_at__gt=as_of)
            self.rows = self.rows.filter(still, recorded_at__lte=as_of)
        self.levels: dict[tuple[str, str, str], int] = {}
        self.edges: dict[tuple[str, str, int | None], ColumnLink] = {}
        self.is_truncated = False

    def go(self, dataset: Dataset, field: str, *, way: Direction, depth: int) -> None:
        near, far = ("target", "source") if way is Direction.UPSTREAM else ("source", "target")
        sign = -1 if way is Direction.UPSTREAM else 1
        start = {f"{near}": dataset} | ({f"{near}_field": field} if field else {})
        found = list(self.rows.filter(**start).order_by("pk")[: MAX_NODES + 1])
        for edge in found:
            self.levels.setdefault(_name(edge, near), 0)
        if field:
            self.levels.setdefault((dataset.namespace, dataset.name, field), 0)
        met = {getattr(edge, f"{near}_key") for edge in found}
        for distance in range(1, depth + 1):
            level = self._step(found, far, sign * distance) - met
            if not level or self.is_truncated:
                return
            met |= level
            found = list(self._next(level, near))

    def _step(self, found: list[ColumnEdge], far: str, level: int) -> set[str]:
        """Take edges over and return the keys of the columns at their far ends."""
        for edge in found:
            if len(self.levels) >= MAX_NODES:
                self.is_truncated = True
                break
            self.levels.setdefault(_name(edge, far), level)
            link = ColumnLink(
                _name(edge, "source"),
                _name(edge, "target"),
                edge.transformations,
                f"{edge.job.namespace}/{edge.job.name}" if edge.job else None,
            )
            self.edges.setdefault((edge.source_key, edge.target_key, edge.job_id), link)
        return {getattr(edge, f"{far}_key") for edge in found}

    def _next(self, keys: AbstractSet[str], near: str) -> Iterator[ColumnEdge]:
        for chunk in chunks(keys):
            found = self.rows.filter(**{f"{near}_key__in": chunk}).order_by("pk")
            yield from found[: MAX_NODES + 1]


def _name(edge: ColumnEdge, end: str) -> tuple[str, str, str]:
    dataset: Dataset = getattr(edge, end)
    return dataset.namespace, dataset.name, getattr(edge, f"{end}_field")
