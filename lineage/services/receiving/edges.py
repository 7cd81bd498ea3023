"""Edges: what is new is added, what its origin no longer says is closed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lineage.models import ColumnEdge, DatasetEdge
from lineage.received.edges import Edges, edges_of, key_of
from lineage.received.names import field_key
from lineage.services.receiving.writing import among, copy_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from lineage.models import Dataset, Job, Run, WorkspaceDataset
    from lineage.received.event import Event
    from lineage.services.receiving.jobs import Jobs
    from lineage.services.receiving.observations import Observations
    from lineage.services.receiving.ours import Ours
    from lineage.services.receiving.runs import Runs
    from registry.models import Workspace

OWNER = ("origin", "job_id", "run_id")
DATASET_COLUMNS = (
    "basis",
    "source_id",
    "target_id",
    "source_version_id",
    "target_version_id",
    *OWNER,
)
COLUMN_COLUMNS = (
    "transformations",
    "source_id",
    "source_field",
    "source_key",
    "target_id",
    "target_field",
    "target_key",
    *OWNER,
)


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
    def owner(self) -> tuple[str, int | None, int | None]:
        """Return the values of ``OWNER``."""
        if self.run is not None:
            return self.origin, self.run.job_id, self.run.pk
        return self.origin, self.job.pk if self.job else None, None


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
    wanted = {row for item in stated for row in _dataset_edges(item, datasets, ours)}
    _replace(DatasetEdge, DATASET_COLUMNS, workspace, origins=origins, wanted=wanted, now=now)
    columns = {row for item in stated for row in _column_edges(item, datasets)}
    _replace(ColumnEdge, COLUMN_COLUMNS, workspace, origins=origins, wanted=columns, now=now)


def _replace(
    model: type[DatasetEdge | ColumnEdge],
    columns: Sequence[str],
    workspace: Workspace,
    *,
    origins: Sequence[str],
    wanted: set[tuple[Any, ...]],
    now: datetime,
) -> None:
    """Close what is open and not wanted as it is, add what is wanted and not open."""
    rows = model._default_manager.filter(workspace=workspace, closed_at__isnull=True)  # noqa: SLF001 - Django documents it
    found = among(rows.values_list("pk", *columns), "origin", origins)
    known = {_comparable(content): pk for pk, *content in found}
    gone = [pk for content, pk in known.items() if content not in wanted]
    if gone:
        rows.filter(pk__in=gone).update(closed_at=now)
    fresh = [(*content, workspace.pk, now) for content in wanted if content not in known]
    if model is ColumnEdge:
        fresh = [(json.loads(first), *rest) for first, *rest in fresh]
    copy_rows(model, (*columns, "workspace_id", "recorded_at"), fresh)


def _comparable(content: Sequence[Any]) -> tuple[Any, ...]:
    """Return the content of a stored edge as the wanted ones are written."""
    first, *rest = content
    return (_text(first) if isinstance(first, list) else first, *rest)


def _text(transformations: list[Any]) -> str:
    return json.dumps(transformations, sort_keys=True)


def _dataset_edges(
    item: Stated, datasets: Mapping[str, Dataset], ours: Ours
) -> Iterator[tuple[Any, ...]]:
    """Yield the values of ``DATASET_COLUMNS``."""
    edges, owner = item.edges, item.owner
    for (source, target), basis in edges.datasets.items():
        first, last = key_of(source), key_of(target)
        yield (
            basis,
            datasets[first].pk,
            datasets[last].pk,
            ours.version_of(first, edges.inputs.get(source, "")),
            ours.version_of(last, edges.outputs.get(target, "")),
            *owner,
        )


def _column_edges(item: Stated, datasets: Mapping[str, Dataset]) -> Iterator[tuple[Any, ...]]:
    """Yield the values of ``COLUMN_COLUMNS``; transformations as text, so that they compare."""
    owner = item.owner
    for (source, field, target, own), transformations in item.edges.columns.items():
        yield (
            _text(transformations),
            datasets[key_of(source)].pk,
            field,
            field_key(*source, field),
            datasets[key_of(target)].pk,
            own,
            field_key(*target, own),
            *owner,
        )
