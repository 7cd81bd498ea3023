"""An alias that points at another version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from openlineage.client.event_v2 import DatasetEvent

from core.references import parse
from lineage.mapping.datasets import Place, Version
from lineage.mapping.facets import MunimentAliasDatasetFacet
from lineage.mapping.naming import PRODUCER
from lineage.mapping.record import Mapped, event_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lineage.mapping.record import Record


def map_move(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return a DatasetEvent of the version that the alias points at now, or pointed at last."""
    now, before = (_version(record, record.body[side]) for side in ("after", "before"))
    version = now or before
    if version is None:
        return ()
    facet = MunimentAliasDatasetFacet(
        alias=record.data["alias"],
        ref=now.ref.full(record.instance) if now else None,
        previousRef=before.ref.full(record.instance) if before else None,
        promotion=record.data["promotion"],
        producer=PRODUCER,
    )
    described = Place(record.instance, base_url).as_described(
        version, {"muniment_alias": facet.published_at(base_url)}
    )
    event = DatasetEvent(
        eventTime=event_time(record.occurred_at), producer=PRODUCER, dataset=described
    )
    return (Mapped(event, tuple(each.uuid for each in (now, before) if each)),)


def _version(record: Record, point: Mapping[str, Any] | None) -> Version | None:
    """Return the version that one side of a move names; none where there is none."""
    if not point or point.get("number") is None:
        return None
    alias = parse(record.body["subject"]["ref"], instance=record.instance)
    ref = replace(alias, alias="", number=point["number"])
    return Version(ref, UUID(point["version"]), point["digest"])
