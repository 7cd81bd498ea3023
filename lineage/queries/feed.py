"""All OpenLineage events in one list: those of others, and our own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Q, Value

from lineage.models import LineageEvent, ReceivedEvent
from lineage.queries import observed
from lineage.queries.events import readable

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from core.actors import Actor

RECEIVED, OWN = "received", "own"


def page(
    actor: Actor,
    *,
    after: datetime | None = None,
    before: datetime | None = None,
    namespace: str | None = None,
    newest_first: bool = True,
    only_runs: bool = False,
    limit: int,
    offset: int,
) -> tuple[list[dict[str, Any]], int]:
    """Return some of the events that ``actor`` may read, as they were sent, and how many there
    are: those that happened from ``after`` on and before ``before``, of runs alone if asked."""
    bounds = Q()
    if after is not None:
        bounds &= Q(event_time__gte=after)
    if before is not None:
        bounds &= Q(event_time__lt=before)
    if only_runs:
        bounds &= Q(kind=LineageEvent.Kind.RUN)
    received = ReceivedEvent.objects.filter(observed.within(actor), bounds)
    # Our own name versions elsewhere, which not everybody who sees the workspace may see.
    own = readable(actor).filter(bounds)
    if namespace is not None:
        received = received.filter(Q(job__namespace=namespace) | Q(dataset__namespace=namespace))
        own = own.filter(job__startswith=f"{namespace}/")
    total = received.count() + own.count()
    order = ("-event_time", "-kept", "-pk") if newest_first else ("event_time", "kept", "pk")
    placed = _placed(received, RECEIVED).union(_placed(own, OWN), all=True).order_by(*order)
    wanted = [(kept, pk) for _, kept, pk in placed[offset : offset + limit]]
    bodies = _bodies(received, RECEIVED, wanted) | _bodies(own, OWN, wanted)
    return [json.loads(bodies[place]) for place in wanted], total


def _placed(rows: QuerySet[Any], kept: str) -> QuerySet[Any, Any]:
    named = rows.annotate(kept=Value(kept, output_field=CharField())).order_by()
    placed: QuerySet[Any, Any] = named.values_list("event_time", "kept", "pk")
    return placed


def _bodies(
    rows: QuerySet[Any], kept: str, wanted: list[tuple[str, int]]
) -> dict[tuple[str, int], bytes]:
    model: type[LineageEvent | ReceivedEvent] = rows.model
    ids = [pk for place, pk in wanted if place == kept]
    found = model.objects.filter(pk__in=ids).values_list("pk", "body")
    return {(kept, pk): bytes(body) for pk, body in found}
