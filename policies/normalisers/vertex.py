"""What Vertex AI's REST API answers, and Cloud Asset Inventory of the same resources.

Source: the REST reference of Vertex AI. Which type a resource has follows from its name:
``projects/…/locations/…/endpoints/1`` is an Endpoint. Fields with the default of their type are
left out of the answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.normalisers.base import (
    OBSERVED,
    Draft,
    Hints,
    NormalisationError,
    Reach,
    mapping,
    member,
    text,
)

VERTEX = "aiplatform.googleapis.com"
NOTEBOOKS = "notebooks.googleapis.com"
TYPES = {
    "batchPredictionJobs": f"{VERTEX}/BatchPredictionJob",
    "customJobs": f"{VERTEX}/CustomJob",
    "datasets": f"{VERTEX}/Dataset",
    "endpoints": f"{VERTEX}/Endpoint",
    "featureGroups": f"{VERTEX}/FeatureGroup",
    "featureOnlineStores": f"{VERTEX}/FeatureOnlineStore",
    "featurestores": f"{VERTEX}/Featurestore",
    "hyperparameterTuningJobs": f"{VERTEX}/HyperparameterTuningJob",
    "indexEndpoints": f"{VERTEX}/IndexEndpoint",
    "indexes": f"{VERTEX}/Index",
    "metadataStores": f"{VERTEX}/MetadataStore",
    "modelDeploymentMonitoringJobs": f"{VERTEX}/ModelDeploymentMonitoringJob",
    "modelMonitors": f"{VERTEX}/ModelMonitor",
    "models": f"{VERTEX}/Model",
    "notebookRuntimeTemplates": f"{VERTEX}/NotebookRuntimeTemplate",
    "notebookRuntimes": f"{VERTEX}/NotebookRuntime",
    "persistentResources": f"{VERTEX}/PersistentResource",
    "pipelineJobs": f"{VERTEX}/PipelineJob",
    "reasoningEngines": f"{VERTEX}/ReasoningEngine",
    "schedules": f"{VERTEX}/Schedule",
    "tensorboards": f"{VERTEX}/Tensorboard",
    "trainingPipelines": f"{VERTEX}/TrainingPipeline",
    # Workbench instances live in an API of their own.
    "instances": f"{NOTEBOOKS}/Instance",
}


class Vertex:
    """A resource, a list of them, a page of the API, or assets of Cloud Asset Inventory."""

    name = "vertex"
    title = "Google Vertex AI answer"
    provenance = OBSERVED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft]:
        """The resources that were answered."""
        for index, item in enumerate(_items(document)):
            told = mapping(item, f"[{index}]")
            kind = hints.type
            if isinstance(told.get("assetType"), str):
                kind = told["assetType"]
                told = mapping(member(told, "resource", "data"), f"[{index}].resource.data")
            name = text(told.get("name"), f"[{index}].name")
            yield Draft(_known(kind) if kind else _kind(name, f"[{index}].name"), name, told)

    def reach(self, resource_type: str) -> Reach | None:
        """An answer holds all that differs from its default."""
        known = {kind.casefold() for kind in TYPES.values()}
        return Reach(told=("",)) if resource_type.casefold() in known else None


def _items(document: Any) -> list[Any]:
    """The items of a page, whose list is named as in the resources' names."""
    if isinstance(document, list):
        return document
    for name in TYPES:
        if isinstance(listed := member(document, name), list) and "name" not in document:
            return list(listed)
    return [document]


def _kind(name: str, path: str) -> str:
    collections = name.split("/")[-2::-2]
    kind = TYPES.get(collections[0]) if collections else None
    if kind is None:
        raise NormalisationError("is the name of no resource that is known", path=path)
    return kind


def _known(name: str) -> str:
    for kind in TYPES.values():
        if kind.casefold() == name.casefold():
            return kind
    raise NormalisationError(f"{name[:100]} is no type that is known", path="type")
