"""What becomes of assets and versions: renamed, deleted, deprecated, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from openlineage.client.event_v2 import DatasetEvent
from openlineage.client.facet_v2 import lifecycle_state_change_dataset as lifecycle
from openlineage.client.facet_v2 import tags_dataset

from core.references import parse
from lineage.mapping.datasets import Place, Version
from lineage.mapping.naming import INTEGRATION, PRODUCER
from lineage.mapping.record import Mapped, event_time
from lineage.mapping.things import Thing

if TYPE_CHECKING:
    from openlineage.client.event_v2 import StaticDataset

    from lineage.mapping.record import Record

Change = lifecycle.LifecycleStateChange


def map_rename(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return a DatasetEvent of the new name, which names the former one."""
    asset = _asset(record)
    former = Thing(asset.instance, asset.workspace, asset.kind, record.body["before"]["name"])
    facet = lifecycle.LifecycleStateChangeDatasetFacet(
        lifecycleStateChange=Change.RENAME,
        previousIdentifier=lifecycle.PreviousIdentifier(
            namespace=former.namespace, name=former.dataset_name
        ),
        producer=PRODUCER,
    )
    return (_told(record, asset.as_dataset({"lifecycleStateChange": facet})),)


def map_deletion(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return a DatasetEvent that drops the asset."""
    facet = lifecycle.LifecycleStateChangeDatasetFacet(
        lifecycleStateChange=Change.DROP, producer=PRODUCER
    )
    return (_told(record, _asset(record).as_dataset({"lifecycleStateChange": facet})),)


def map_lifecycle(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return a DatasetEvent of the version with its state as a tag."""
    return _tagged(record, record.data["state"], base_url=base_url)


def map_version_deletion(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return a DatasetEvent of the version that is no more: the asset stays."""
    return _tagged(record, "deleted", base_url=base_url)


def _tagged(record: Record, state: str, *, base_url: str) -> tuple[Mapped, ...]:
    version = Version(
        parse(record.body["subject"]["ref"], instance=record.instance),
        UUID(record.data["version"]),
        record.body["subject"]["digest"],
    )
    tag = tags_dataset.TagsDatasetFacetFields(key="lifecycle", value=state, source=INTEGRATION)
    tags = tags_dataset.TagsDatasetFacet(tags=[tag], producer=PRODUCER)
    described = Place(record.instance, base_url).as_described(version, {"tags": tags})
    return (_told(record, described, version.uuid),)


def _asset(record: Record) -> Thing:
    ref = parse(record.body["subject"]["ref"], instance=record.instance)
    return Thing(record.instance, ref.workspace, ref.kind, ref.name)


def _told(record: Record, dataset: StaticDataset, *versions: UUID) -> Mapped:
    event = DatasetEvent(
        eventTime=event_time(record.occurred_at), producer=PRODUCER, dataset=dataset
    )
    return Mapped(event, versions)
