"""Walk along columns: which fields a field was made from, and which were made from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q

from lineage.models import ColumnEdge
from lineage.queries import observed
from lineage.received.names import field_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor

MAX_FIELDS = 2_000
MAX_EDGES = 10_000


class Field(NamedTuple):
    """A field by its names, and the id of its dataset."""

    dataset_id: int
    namespace: str
    dataset: str
    field: str

    @property
    def key(self) -> str:
        """Return what the field is known by wherever it is spoken of."""
        return field_key(self.namespace, self.dataset, self.field)


@dataclass
class Columns:
    """The fields that a walk met, and for each pair (source, target) the transformations."""

    fields: set[Field] = field(default_factory=set)
    edges: dict[tuple[Field, Field], Sequence[Any]] = field(default_factory=dict)
    is_truncated: bool = False


def of_dataset(actor: Actor, dataset: int, *, at: datetime | None = None) -> set[Field]:
    """Return the fields of a visible dataset that are made from others, or others from them."""
    edges = _edges(actor, at)
    made = edges.filter(target=dataset).values_list(*TARGET).distinct()
    used = edges.filter(source=dataset).values_list(*SOURCE).distinct()
    return {Field(*row) for rows in (made, used) for row in rows[:MAX_FIELDS]}


def of_job(actor: Actor, key: str) -> set[Field]:
    """Return the fields that a visible job made from others."""
    made = _edges(actor, None).filter(job__key=key).values_list(*TARGET).distinct()
    return {Field(*row) for row in made[:MAX_FIELDS]}


def walk(
    actor: Actor,
    roots: Iterable[Field],
    *,
    depth: int,
    downstream: bool,
    at: datetime | None = None,
) -> Columns:
    """Return what ``roots`` were made from over at most ``depth`` levels, and with ``downstream``
    also what was made from them; ``at`` asks for the edges as they were then."""
    found = Columns(set(roots))
    start = {item.key for item in found.fields}
    directions = ("target_key", "source_key") if downstream else ("target_key",)
    for near in directions:
        level, seen = set(start), set(start)
        for _ in range(depth):
            if not level or found.is_truncated:
                break
            level = _step(actor, found, level, near=near, at=at) - seen
            seen |= level
    return found


SOURCE = ("source_id", "source__namespace", "source__name", "source_field")
TARGET = ("target_id", "target__namespace", "target__name", "target_field")


def _step(
    actor: Actor, found: Columns, level: set[str], *, near: str, at: datetime | None
) -> set[str]:
    far = "source_key" if near == "target_key" else "target_key"
    rows = (
        _edges(actor, at)
        .filter(**{f"{near}__in": level})
        .order_by("source_key", "target_key", "-pk")
        .values_list(far, *SOURCE, *TARGET, "transformations")
    )
    met = set()
    for key, *row in rows[: MAX_EDGES + 1]:
        if len(found.edges) >= MAX_EDGES or len(found.fields) >= MAX_FIELDS:
            found.is_truncated = True
            break
        source, target = Field(*row[:4]), Field(*row[4:8])
        found.fields |= {source, target}
        found.edges.setdefault((source, target), row[8])
        met.add(key)
    return met


def _edges(actor: Actor, at: datetime | None) -> QuerySet[ColumnEdge]:
    edges = ColumnEdge.objects.filter(
        observed.within(actor),
        observed.nameable(actor, "source"),
        observed.nameable(actor, "target"),
    )
    if at is None:
        return edges.filter(closed_at=None)
    return edges.filter(Q(closed_at=None) | Q(closed_at__gt=at), recorded_at__lte=at)
