"""Find metric definitions, and metrics over the versions of an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Prefetch, Q

from core.errors import NotFound
from registry import access
from registry.models import Asset, Metric, MetricDefinition, VersionLink
from registry.permissions import Permission
from registry.queries.versions import asset_reference

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import Workspace


def visible_definitions(actor: Actor) -> QuerySet[MetricDefinition]:
    """Return every revision of the organisation's definitions, and of those of workspaces that
    ``actor`` may see."""
    return MetricDefinition.objects.filter(
        Q(workspace__isnull=True) | access.in_reach(actor)
    ).select_related("workspace", "created_by")


def definitions_in(
    workspace: Workspace, names: Collection[str] | None = None
) -> dict[str, MetricDefinition]:
    """Return the definitions that hold in ``workspace``, by name: its own before the common."""
    found = MetricDefinition.objects.filter(
        Q(workspace__isnull=True) | Q(workspace=workspace), is_current=True
    )
    if names is not None:
        found = found.filter(name__in=names)
    common_first = found.order_by(F("workspace").asc(nulls_first=True))
    return {definition.name: definition for definition in common_first}


def asset_by_uuid(actor: Actor, uuid: UUID) -> Asset:
    """Return the asset; raises NotFound for a missing or foreign one."""
    found = Asset.objects.select_related("workspace").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.workspace, subject=str(asset_reference(found)))
    return found


def trend(actor: Actor, asset: Asset) -> QuerySet[Metric]:
    """Return the metrics of results that evaluate a version of ``asset``, newest first, as far
    as ``actor`` may see the results."""
    evaluated = VersionLink.objects.select_related("target__asset__workspace").order_by("id")
    # A subquery and no join: a result that evaluates two versions counts once, and a planner
    # without figures of the tables cannot multiply links by metrics.
    results = VersionLink.objects.filter(role="evaluates", target__asset=asset)
    return (
        Metric.objects.filter(
            access.in_reach(actor, path="version__asset__workspace"),
            version_id__in=results.values("version_id"),
        )
        .select_related("version__asset__workspace", "version__spec")
        .prefetch_related(Prefetch("version__links", queryset=evaluated))
    )
