"""Lineage's tables."""

from __future__ import annotations

from lineage.models.dataset import Dataset, DatasetAlias, DatasetVersion, WorkspaceDataset
from lineage.models.dataset_edge import ColumnEdge, DatasetEdge
from lineage.models.delivery import DeadLetter, Sink
from lineage.models.edge import PROMOTED, Edge
from lineage.models.event import LineageEvent, Mention
from lineage.models.job import Job, Run
from lineage.models.job_dataset import JobDataset
from lineage.models.location import VersionLocation
from lineage.models.namespace import WorkspaceNamespace
from lineage.models.received import ReceivedEvent

__all__ = [
    "PROMOTED",
    "ColumnEdge",
    "Dataset",
    "DatasetAlias",
    "DatasetEdge",
    "DatasetVersion",
    "DeadLetter",
    "Edge",
    "Job",
    "JobDataset",
    "LineageEvent",
    "Mention",
    "ReceivedEvent",
    "Run",
    "Sink",
    "VersionLocation",
    "WorkspaceDataset",
    "WorkspaceNamespace",
]
