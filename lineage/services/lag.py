"""How far behind sinks are, as part of one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from core.errors import InvalidInput
from lineage.services import sinks

if TYPE_CHECKING:
    from django.db.models import Aggregate, Field, QuerySet

    from lineage.models import Sink
    from lineage.services.sinks import Destination

OPEN = Q(dead_letters__resolved_at__isnull=True, dead_letters__isnull=False)


def with_lag(rows: QuerySet[Sink]) -> QuerySet[Any]:
    """Return sinks with ``behind``, the number of events that each has not been told of, None for
    one that is configured no more, ``oldest``, when the first of them was stored, and ``letters``,
    how many it did not take."""
    try:
        found = sinks.configured()
    except InvalidInput:
        found = ()
    return rows.annotate(
        behind=_per_sink(found, Count("pk"), BigIntegerField(), empty=0),
        oldest=_per_sink(found, Min("stored_at"), DateTimeField()),
        letters=Count("dead_letters", filter=OPEN),
    )


def _per_sink(
    found: tuple[Destination, ...],
    aggregate: Aggregate,
    field: Field[Any, Any],
    *,
    empty: int | None = None,
) -> Case:
    def waiting(destination: Destination) -> Any:
        events = destination.filter.matching().filter(pk__gt=OuterRef("cursor")).order_by()
        total = events.annotate(all=Value(1)).values("all").annotate(total=aggregate)
        subquery = Subquery(total.values("total"), output_field=field)
        return subquery if empty is None else Coalesce(subquery, Value(empty), output_field=field)

    return Case(
        *(When(name=each.name, then=waiting(each)) for each in found),
        default=Value(None),
        output_field=field,
    )
