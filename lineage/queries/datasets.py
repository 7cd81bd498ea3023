"""Datasets as OpenLineage names them, as far as the caller may see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery

from core.denials import denial_of
from core.errors import NotFound
from lineage.models import ColumnEdge, Dataset, DatasetVersion, WorkspaceDataset
from lineage.queries import observed
from lineage.received.facets import current
from lineage.received.names import namespace_key
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor


@dataclass(frozen=True)
class SourceField:
    """A field that another was made from, with the transformations that column lineage told."""

    namespace: str
    dataset: str
    field: str
    transformations: Sequence[Any]


@dataclass(frozen=True)
class SeenDataset:
    """A dataset with what the visible workspaces told of it together.

    ``columns`` maps a field to the fields it was made from; ``is_deleted`` where every workspace
    was told that it was dropped.
    """

    pk: int
    namespace: str
    name: str
    created_at: datetime
    updated_at: datetime
    modified_at: datetime
    facets: dict[str, Any]
    is_deleted: bool
    version: UUID | None
    columns: dict[str, list[SourceField]]


def page(actor: Actor, namespace: str, *, limit: int, offset: int) -> tuple[list[SeenDataset], int]:
    """Return some of the datasets of a namespace in the order of their names, and how many it
    has."""
    found = observed.datasets(actor).filter(namespace_key=namespace_key(namespace))
    ordered = found.order_by("name_head", "pk")
    return seen(actor, ordered[offset : offset + limit]), found.count()


def one(actor: Actor, key: str) -> SeenDataset:
    """Return the dataset with a key (see ``name_key``); raises NotFound for a missing or foreign
    one."""
    found = seen(actor, observed.datasets(actor).filter(key=key))
    if not found:
        raise NotFound(
            denial=denial_of(
                WorkspaceDataset,
                {"dataset__key": key},
                permission=Permission.VIEW.value,
                workspace_path="workspace",
            )
        )
    return found[0]


def seen(actor: Actor, rows: Iterable[Dataset], *, with_columns: bool = True) -> list[SeenDataset]:
    """Return visible datasets as ``actor`` sees them, in the same order; leaves out the others.

    Without ``with_columns`` it is not asked what their fields were made from.
    """
    ordered = list(rows)
    ids = [row.pk for row in ordered]
    newest = DatasetVersion.objects.filter(observation=OuterRef("pk"))
    told: dict[int, list[Any]] = defaultdict(list)
    for row in (
        observed.observations(actor)
        .filter(dataset__in=ids)
        .annotate(newest=Subquery(newest.order_by("-event_time", "-pk").values("uuid")[:1]))
    ):
        told[row.dataset_id].append(row)
    columns = _columns(actor, ids) if with_columns else {}
    return [_seen(row, told[row.pk], columns.get(row.pk, {})) for row in ordered if row.pk in told]


def _seen(row: Dataset, told: Sequence[Any], columns: dict[str, list[SourceField]]) -> SeenDataset:
    latest = max(told, key=lambda item: (item.event_time, item.pk))
    dated = [item for item in told if item.newest is not None]
    newest = max(dated, key=lambda item: (item.event_time, item.pk)).newest if dated else None
    return SeenDataset(
        pk=row.pk,
        namespace=row.namespace,
        name=row.name,
        created_at=min(item.recorded_at for item in told),
        updated_at=max(item.updated_at for item in told),
        modified_at=latest.event_time,
        facets=current(observed.merged(item.state for item in told)),
        is_deleted=all(item.deleted_at is not None for item in told),
        version=newest,
        columns=columns,
    )


def _columns(actor: Actor, ids: Collection[int]) -> dict[int, dict[str, list[SourceField]]]:
    rows = (
        ColumnEdge.objects.filter(
            observed.within(actor),
            observed.nameable(actor, "source"),
            target__in=ids,
            closed_at=None,
        )
        .order_by("target_field", "source__namespace", "source__name", "source_field")
        .values_list(
            "target_id",
            "target_field",
            "source__namespace",
            "source__name",
            "source_field",
            "transformations",
        )
        .distinct()
    )
    found: dict[int, dict[str, list[SourceField]]] = defaultdict(lambda: defaultdict(list))
    for target, name, *source in rows:
        fields = found[target][name]
        made_from = SourceField(*source)
        # Two runs may tell of one pair in two ways: it is one pair all the same.
        if not fields or _of(fields[-1]) != _of(made_from):
            fields.append(made_from)
    return found


def _of(field: SourceField) -> tuple[str, str, str]:
    return field.namespace, field.dataset, field.field


def versions(actor: Actor, dataset: SeenDataset) -> QuerySet[DatasetVersion]:
    """Return the versions of a visible dataset, newest first, each with its run."""
    return (
        DatasetVersion.objects.filter(
            observation__in=observed.observations(actor).filter(dataset=dataset.pk)
        )
        .select_related("run__job", "observation")
        .order_by("-event_time", "-pk")
    )


def version(actor: Actor, dataset: SeenDataset, uuid: UUID) -> DatasetVersion:
    """Return one version of a visible dataset; raises NotFound."""
    found = versions(actor, dataset).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found
