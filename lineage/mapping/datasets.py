"""A version as an OpenLineage dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from openlineage.client.event_v2 import InputDataset, OutputDataset, StaticDataset
from openlineage.client.facet_v2 import (
    dataset_type_dataset,
    dataset_version_dataset,
    hierarchy_dataset,
    lifecycle_state_change_dataset,
)

from core.references import parse
from lineage.mapping.facets import (
    EvaluatedMetric,
    MunimentAssetVersionDatasetFacet,
    MunimentLinkInputDatasetFacet,
    MunimentMetricsOutputDatasetFacet,
)
from lineage.mapping.naming import PRODUCER, dataset_name, dataset_namespace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openlineage.client.facet_v2 import DatasetFacet

    from core.references import Reference

# DatasetTypeDatasetFacet knows MODEL; the other words are ours.
DATASET_TYPES = {
    "model": "MODEL",
    "prompt": "PROMPT",
    "dataset": "FILE",
    "flow": "PROMPT_FLOW",
    "result": "EXPERIMENT_RESULT",
}
Change = lifecycle_state_change_dataset.LifecycleStateChange


@dataclass(frozen=True)
class Version:
    """A version as the journal names it."""

    ref: Reference
    uuid: UUID
    digest: str
    stage: str = ""
    sub_type: str = ""

    @classmethod
    def of(cls, point: Mapping[str, Any], *, instance: str, stage: str = "") -> Version:
        """Return the version that a journalled ``{"ref", "version", "digest"}`` names."""
        ref = parse(point["ref"], instance=instance)
        return cls(ref, UUID(point["version"]), point["digest"], stage)


@dataclass(frozen=True)
class Place:
    """The installation that tells: its name, and the address where its schemas are."""

    instance: str
    base_url: str

    def as_dataset(self, version: Version) -> StaticDataset:
        """Return the version as the subject of a DatasetEvent."""
        namespace, name = self._identity(version)
        return StaticDataset(namespace, name, facets=self._facets(version, changes=True))

    def as_described(self, version: Version, facets: dict[str, DatasetFacet]) -> StaticDataset:
        """Return the version as the subject of a DatasetEvent that tells ``facets`` of it."""
        namespace, name = self._identity(version)
        return StaticDataset(namespace, name, facets=self._facets(version) | facets)

    def as_input(self, version: Version, *, roles: Sequence[str] = ()) -> InputDataset:
        """Return the version as something that was read, in the given roles."""
        namespace, name = self._identity(version)
        source = InputDataset(namespace, name, facets=self._facets(version))
        if roles:
            link = MunimentLinkInputDatasetFacet(roles=list(roles), producer=PRODUCER)
            source.inputFacets = {"muniment_link": link.published_at(self.base_url)}
        return source

    def as_output(
        self, version: Version, *, metrics: Sequence[EvaluatedMetric] = ()
    ) -> OutputDataset:
        """Return the version as something that was made, with what was measured on it."""
        namespace, name = self._identity(version)
        made = OutputDataset(namespace, name, facets=self._facets(version, changes=True))
        if metrics:
            facet = MunimentMetricsOutputDatasetFacet(metrics=list(metrics), producer=PRODUCER)
            made.outputFacets = {"muniment_metrics": facet.published_at(self.base_url)}
        return made

    def _identity(self, version: Version) -> tuple[str, str]:
        return dataset_namespace(self.instance), dataset_name(version.ref)

    def _facets(self, version: Version, *, changes: bool = False) -> dict[str, DatasetFacet]:
        ref = version.ref
        level = hierarchy_dataset.HierarchyDatasetFacetLevel
        facets: dict[str, DatasetFacet] = {
            "version": dataset_version_dataset.DatasetVersionDatasetFacet(
                datasetVersion=str(ref.number), producer=PRODUCER
            ),
            "datasetType": dataset_type_dataset.DatasetTypeDatasetFacet(
                datasetType=DATASET_TYPES.get(ref.kind, ref.kind.upper()),
                subType=version.sub_type or None,
                producer=PRODUCER,
            ),
            "hierarchy": hierarchy_dataset.HierarchyDatasetFacet(
                hierarchy=[
                    level(type="WORKSPACE", name=ref.workspace),
                    level(type="KIND", name=ref.kind),
                    level(type="ASSET", name=ref.name),
                ],
                producer=PRODUCER,
            ),
            "muniment_assetVersion": self._asset_version(version),
        }
        if changes:
            facets["lifecycleStateChange"] = (
                lifecycle_state_change_dataset.LifecycleStateChangeDatasetFacet(
                    # Numbers count from 1 without gaps: only the first version makes the asset.
                    lifecycleStateChange=Change.CREATE if ref.number == 1 else Change.OVERWRITE,
                    producer=PRODUCER,
                )
            )
        return facets

    def _asset_version(self, version: Version) -> MunimentAssetVersionDatasetFacet:
        ref = version.ref
        facet = MunimentAssetVersionDatasetFacet(
            ref=ref.full(self.instance),
            versionId=str(version.uuid),
            workspace=ref.workspace,
            kind=ref.kind,
            asset=ref.name,
            version=str(ref.number),
            digest=version.digest,
            stage=version.stage or None,
            producer=PRODUCER,
        )
        return facet.published_at(self.base_url)
