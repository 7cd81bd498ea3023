"""The two searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models.functions import Coalesce

from registry.mlflow import entities
from registry.mlflow.conditions import among_few, condition
from registry.mlflow.filters import Entity, parse_filter, parse_order
from registry.mlflow.lookups import whole_models
from registry.mlflow.pages import Pager, ordered_by
from registry.models import Asset, AssetVersion
from registry.queries import flat_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from registry.mlflow.doors import WorkspaceCall
    from registry.mlflow.filters import Comparison

MODELS = 100
MOST_MODELS = 1_000
VERSIONS = 10_000
MOST_VERSIONS = 200_000
MODEL_ORDER = {
    "name": "name",
    "creation_timestamp": "created_at",
    "last_updated_timestamp": "updated_at",
}
VERSION_ORDER = {
    "name": "asset__name",
    "version_number": "number",
    "creation_timestamp": "created_at",
    "last_updated_timestamp": "changed_at",
}


def models(call: WorkspaceCall) -> dict[str, Any]:
    """Show the models, or prompts, that a filter finds: by name unless asked otherwise."""
    text, order = call.arguments.text("filter"), call.arguments.texts("order_by")
    size = call.arguments.number("max_results", default=MODELS, most=MOST_MODELS)
    comparisons = parse_filter(text)
    found = Asset.objects.filter(
        condition(comparisons), workspace_id=call.place.pk, deleted_at__isnull=True
    )
    found = among_few(found, comparisons)
    # Of equal names there may be one that is deleted, of another kind: the id decides.
    ties = [("name", False), ("id", False)]
    orders = ordered_by(parse_order(order), MODEL_ORDER, ties=ties)
    pager = Pager(["models", call.place.slug, text, *order], orders)
    ids, following = pager.page(found, size=size, token=call.arguments.text("page_token"))
    rows = flat_rows.models_by_id(ids)
    shown = whole_models(call, [rows[pk] for pk in ids if pk in rows])
    return {"registered_models": shown, **({"next_page_token": following} if following else {})}


def _only_name(comparisons: Sequence[Comparison]) -> str:
    """Return the name that the filter asks for, empty where it does not."""
    for one in comparisons:
        if one.key == "name" and one.entity is Entity.ATTRIBUTE and one.comparator == "=":
            return str(one.value)
    return ""


def _within(found: QuerySet[AssetVersion], bearing: QuerySet[Asset]) -> QuerySet[AssetVersion]:
    """Return the versions of those few assets, by key: of one they have an order."""
    keys = list(bearing.values_list("pk", flat=True))
    return found.filter(asset=keys[0]) if len(keys) == 1 else found.filter(asset__in=keys)


def _guided(
    found: QuerySet[AssetVersion],
    comparisons: Sequence[Comparison],
    *,
    by_name: bool,
    call: WorkspaceCall,
) -> QuerySet[AssetVersion]:
    """Return the same rows, asked for so that SQLite walks the assets by name, and each one's
    versions, until a page is full. PostgreSQL plans these conditions worse than without them.
    """
    if by_name:
        found = found.filter(asset__workspace_id=call.place.pk)
    return among_few(found, comparisons, is_version=True)


def versions(call: WorkspaceCall) -> dict[str, Any]:
    """Show the versions that a filter finds: by name, newest number first, unless asked
    otherwise."""
    text, order = call.arguments.text("filter"), call.arguments.texts("order_by")
    size = call.arguments.number("max_results", default=VERSIONS, most=MOST_VERSIONS)
    comparisons = parse_filter(text, is_version=True)
    found = AssetVersion.objects.filter(
        condition(comparisons, is_version=True),
        workspace_id=call.place.pk,
        asset__deleted_at__isnull=True,
        tombstone__isnull=True,
    )
    ties = [("asset__name", False), ("number", True), ("id", False)]
    if name := _only_name(comparisons):
        # One model's versions lie in order already; the name says nothing about their order.
        bearing = Asset.objects.filter(workspace_id=call.place.pk, name=name)
        found, ties = _within(found, bearing), ties[1:]
    orders = ordered_by(parse_order(order, is_version=True), VERSION_ORDER, ties=ties)
    if connection.vendor == "sqlite":
        found = _guided(found, comparisons, by_name=orders[0][0] == "asset__name", call=call)
    if any(name == "changed_at" for name, _ in orders):
        found = found.annotate(changed_at=Coalesce("details__updated_at", "created_at"))
    pager = Pager(["versions", call.place.slug, text, *order], orders)
    ids, following = pager.page(found, size=size, token=call.arguments.text("page_token"))
    rows = flat_rows.versions_by_id(ids)
    place = call.place.slug
    shown = [entities.version_entity(rows[pk], workspace=place) for pk in ids if pk in rows]
    return {"model_versions": shown, **({"next_page_token": following} if following else {})}
