"""How many entries answer a question for each value of a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Cast

from registry.models import CatalogueLabel
from registry.queries.catalogue.asked import COLUMNS, LABELS, PATHS
from registry.queries.catalogue.search import search

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.queries.catalogue.asked import Asked

MAX_VALUES = 50


def facets(actor: Actor, asked: Asked) -> dict[str, list[dict[str, Any]]]:
    """Return the values of each fact with their counts, the most frequent first, in one query.

    The filter by a fact does not count for the fact itself, so that its other values show. At
    most 50 values of each are told; entries without the fact are not counted.
    """
    parts = [_column(actor, asked, name) for name in COLUMNS]
    parts += [_label(actor, asked, name) for name in LABELS]
    first, *others = parts
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in (*COLUMNS, *LABELS)}
    for facet, value, count in first.union(*others, all=True):
        if value:
            found[facet].append({"value": value, "count": count})
    for values in found.values():
        values.sort(key=lambda one: (-one["count"], one["value"]))
        del values[MAX_VALUES:]
    return found


def _column(actor: Actor, asked: Asked, name: str) -> QuerySet[Any]:
    return _counted(search(actor, asked, leaving=name), name, PATHS.get(name, name))


def _label(actor: Actor, asked: Asked, name: str) -> QuerySet[Any]:
    matching = search(actor, asked, leaving=name).values("pk")
    return _counted(CatalogueLabel.objects.filter(field=name, entry__in=matching), name, "value")


def _counted(rows: QuerySet[Any], name: str, column: str) -> QuerySet[Any]:
    text = CharField(max_length=500)
    counted: QuerySet[Any] = (
        rows.order_by()
        .annotate(facet=Value(name, output_field=text), fact=Cast(F(column), output_field=text))
        .values("facet", "fact")
        .annotate(count=Count("pk"))
        .values_list("facet", "fact", "count")
    )
    return counted
