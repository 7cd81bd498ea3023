"""Edges: what is new is added, what its origin no longer says is closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lineage.models import ColumnEdge, DatasetEdge
from lineage.received.edges import Edges, edges_of, key_of
from lineage.received.names import field_key
from lineage.services.receiving.writing import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from lineage.models import Dataset, Job, Run, WorkspaceDataset
    from lineage.received.event import Event
    from lineage.services.receiving.jobs import Jobs
    from lineage.services.receiving.observations import Observations
    from lineage.services.receiving.ours import Ours
    from lineage.services.receiving.runs import Runs
    from registry.models import Workspace

Row = DatasetEdge | ColumnEdge


@dataclass(slots=True)
class Stated:
    """What one origin says: a run, a job by a JobEvent, or a dataset by a DatasetEvent."""

    edges: Edges
    is_new: bool
    run: Run | None = None
    job: Job | None = None
    dataset: WorkspaceDataset | None = None

    @property
    def origin(self) -> str:
        """Return the name of the origin, which is stored."""
        if self.run is not None:
            return f"run:{self.run.run_id}"
        if self.job is not None:
            return f"job:{self.job.pk}"
        return f"dataset:{self.dataset.dataset_id}" if self.dataset else ""

    @property
    def owner(self) -> dict[str, Any]:
        """Return run and job of the origin's edges."""
        if self.run is not None:
            return {"run": self.run, "job_id": self.run.job_id}
        return {"job": self.job}


def stated(
    events: Sequence[Event], jobs: Jobs, runs: Runs, observations: Observations
) -> list[Stated]:
    """Return what each run, job and dataset that ``events`` told something says by now."""
    found = [
        Stated(edges_of(run.state), is_new=run.pk is None, run=run) for run in runs.rows.values()
    ]
    declaring = {event.job.key for event in events if event.kind == "JOB" and event.job}
    for key in sorted(declaring):
        job = jobs.rows[key]
        found.append(Stated(edges_of(job.state["declared"]), is_new=job.pk is None, job=job))
    described = {event.outputs[0].key for event in events if event.kind == "DATASET"}
    for key in sorted(described):
        row = observations.rows[key]
        found.append(Stated(edges_of(row.state["declared"]), is_new=row.pk is None, dataset=row))
    return found


def write(
    workspace: Workspace,
    stated: Sequence[Stated],
    datasets: Mapping[str, Dataset],
    ours: Ours,
    *,
    now: datetime,
) -> None:
    """Let the stored edges be what the origins say."""
    origins = [item.origin for item in stated if not item.is_new]
    wanted = (row for item in stated for row in _dataset_edges(item, datasets, ours))
    _replace(DatasetEdge, workspace, origins, wanted, now=now)
    columns = (row for item in stated for row in _column_edges(item, datasets))
    _replace(ColumnEdge, workspace, origins, columns, now=now)


def _replace(
    model: type[Row],
    workspace: Workspace,
    origins: Sequence[str],
    wanted: Iterable[Row],
    *,
    now: datetime,
) -> None:
    """Close what is open and not wanted as it is, add what is wanted and not open."""
    rows = model._default_manager.filter(workspace=workspace, closed_at__isnull=True)  # noqa: SLF001 - Django documents it
    gone = {_content(row): row.pk for row in among(rows, "origin", origins)}
    fresh = []
    for row in wanted:
        if gone.pop(_content(row), None) is None:
            row.workspace, row.recorded_at = workspace, now
            fresh.append(row)
    if gone:
        rows.filter(pk__in=gone.values()).update(closed_at=now)
    model._default_manager.bulk_create(fresh)  # type: ignore[arg-type]  # noqa: SLF001 - likewise


def _content(row: Row) -> tuple[Any, ...]:
    """Return all that makes an edge the one that it is."""
    if isinstance(row, DatasetEdge):
        ends = (row.source_id, row.target_id, row.source_version_id, row.target_version_id)
        return (row.origin, *ends, row.basis, row.job_id)
    return (row.origin, row.source_key, row.target_key, repr(row.transformations), row.job_id)


def _dataset_edges(
    item: Stated, datasets: Mapping[str, Dataset], ours: Ours
) -> Iterator[DatasetEdge]:
    origin, edges = item.origin, item.edges
    for (source, target), basis in edges.datasets.items():
        first, last = key_of(source), key_of(target)
        yield DatasetEdge(
            source=datasets[first],
            target=datasets[last],
            basis=basis,
            origin=origin,
            source_version_id=ours.version_of(first, edges.inputs.get(source, "")),
            target_version_id=ours.version_of(last, edges.outputs.get(target, "")),
            **item.owner,
        )


def _column_edges(item: Stated, datasets: Mapping[str, Dataset]) -> Iterator[ColumnEdge]:
    origin = item.origin
    for (source, field, target, own), transformations in item.edges.columns.items():
        yield ColumnEdge(
            source=datasets[key_of(source)],
            source_field=field,
            source_key=field_key(*source, field),
            target=datasets[key_of(target)],
            target_field=own,
            target_key=field_key(*target, own),
            transformations=transformations,
            origin=origin,
            **item.owner,
        )
