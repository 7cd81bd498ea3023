"""What is told as an OpenLineage dataset and is no version: endpoints, reports, configurations,
and assets as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from openlineage.client.event_v2 import InputDataset, OutputDataset, StaticDataset
from openlineage.client.facet_v2 import (
    dataset_type_dataset,
    dataset_version_dataset,
    hierarchy_dataset,
)

from lineage.mapping.naming import PRODUCER, dataset_namespace

if TYPE_CHECKING:
    from openlineage.client.facet_v2 import DatasetFacet

TYPES = {"deployment": "ENDPOINT", "report": "REPORT", "config": "CONFIG"}
Level = hierarchy_dataset.HierarchyDatasetFacetLevel


@dataclass(frozen=True)
class Thing:
    """Something of a workspace: its kind, its name, and which state of it, where that counts."""

    instance: str
    workspace: str
    kind: str
    name: str
    version: str = ""

    @property
    def namespace(self) -> str:
        """Return its OpenLineage namespace."""
        return dataset_namespace(self.instance)

    @property
    def dataset_name(self) -> str:
        """Return its name there."""
        return f"{self.workspace}/{self.kind}/{quote(self.name, safe='')}"

    def as_input(self) -> InputDataset:
        """Return it as something that was read."""
        return InputDataset(self.namespace, self.dataset_name, facets=self._facets())

    def as_output(self) -> OutputDataset:
        """Return it as something that was made."""
        return OutputDataset(self.namespace, self.dataset_name, facets=self._facets())

    def as_dataset(self, facets: dict[str, DatasetFacet]) -> StaticDataset:
        """Return it as the subject of a DatasetEvent that tells ``facets`` of it."""
        return StaticDataset(self.namespace, self.dataset_name, facets=self._facets() | facets)

    def _facets(self) -> dict[str, DatasetFacet]:
        facets: dict[str, DatasetFacet] = {
            "hierarchy": hierarchy_dataset.HierarchyDatasetFacet(
                hierarchy=[
                    Level(type="WORKSPACE", name=self.workspace),
                    Level(type="KIND", name=self.kind),
                    Level(type="ASSET", name=self.name),
                ],
                producer=PRODUCER,
            ),
        }
        if self.kind in TYPES:
            facets["datasetType"] = dataset_type_dataset.DatasetTypeDatasetFacet(
                datasetType=TYPES[self.kind], producer=PRODUCER
            )
        if self.version:
            facets["version"] = dataset_version_dataset.DatasetVersionDatasetFacet(
                datasetVersion=self.version, producer=PRODUCER
            )
        return facets
