"""What others told, written straight into the rows that events end in."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.utils import timezone

from lineage.models import ColumnEdge, Dataset, DatasetEdge, Job, Run, WorkspaceDataset
from lineage.received.names import field_key, name_key, namespace_key
from registry.models import AssetVersion, Workspace


def dataset(workspace: Workspace, name: str, *, namespace: str = "s3://raw") -> Dataset:
    """A dataset outside that the events of a workspace told of."""
    found = Dataset.objects.filter(key=name_key(namespace, name)).first()
    if found is None:
        found = Dataset.called(namespace, name)
        found.save()
    WorkspaceDataset.objects.get_or_create(
        workspace=workspace, dataset=found, defaults={"event_time": timezone.now()}
    )
    return found


def run(workspace: Workspace, job: str, *, at: datetime | None = None) -> Run:
    """A completed run of a job in the namespace ``airflow``."""
    moment = at or timezone.now()
    found, _ = Job.objects.get_or_create(
        workspace=workspace,
        key=name_key("airflow", job),
        defaults={
            "namespace": "airflow",
            "name": job,
            "namespace_key": namespace_key("airflow"),
            "event_time": moment,
        },
    )
    return Run.objects.create(
        workspace=workspace, run_id=uuid4(), job=found, status="COMPLETED", event_time=moment
    )


def edge(
    source: Dataset,
    target: Dataset,
    by: Run,
    *,
    source_version: AssetVersion | None = None,
    target_version: AssetVersion | None = None,
    recorded_at: datetime | None = None,
    closed_at: datetime | None = None,
) -> DatasetEdge:
    """An edge that a run told of."""
    return DatasetEdge.objects.create(
        workspace=by.workspace,
        source=source,
        target=target,
        basis="cartesian",
        origin=f"run:{by.run_id}",
        job=by.job,
        run=by,
        source_version=source_version,
        target_version=target_version,
        recorded_at=recorded_at or timezone.now(),
        closed_at=closed_at,
    )


def column(source: tuple[Dataset, str], target: tuple[Dataset, str], by: Run) -> ColumnEdge:
    """An edge between columns that a run told of."""
    (one, from_field), (other, to_field) = source, target
    return ColumnEdge.objects.create(
        workspace=by.workspace,
        source=one,
        source_field=from_field,
        source_key=field_key(one.namespace, one.name, from_field),
        target=other,
        target_field=to_field,
        target_key=field_key(other.namespace, other.name, to_field),
        origin=f"run:{by.run_id}",
        job=by.job,
        run=by,
    )
