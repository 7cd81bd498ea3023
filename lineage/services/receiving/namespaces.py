"""Which namespaces a workspace was told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.models import WorkspaceNamespace
from lineage.received.names import namespace_key
from lineage.services.receiving.writing import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from lineage.services.receiving.jobs import Jobs
    from lineage.services.receiving.names import Names
    from lineage.services.receiving.observations import Observations
    from registry.models import Workspace

COLUMNS = ("workspace_id", "of", "key", "name", "recorded_at", "updated_at")
TOUCH = "ON CONFLICT (key, of, workspace_id) DO UPDATE SET updated_at = EXCLUDED.updated_at"


def write(
    workspace: Workspace, jobs: Jobs, observations: Observations, names: Names, *, now: datetime
) -> None:
    """Write those of the jobs and datasets of a batch, and that they changed."""
    told = {*observations.rows, *names.named_by_edges}
    of_datasets = {names.all[key][0] for key in told}
    of_jobs = {job.namespace for job in jobs.rows.values()}
    rows = [
        (workspace.pk, of, namespace_key(name), name, now, now)
        for of, found in _sorted(of_datasets, of_jobs)
        for name in found
    ]
    insert_rows(WorkspaceNamespace, COLUMNS, rows, on_conflict=TOUCH)


def _sorted(of_datasets: set[str], of_jobs: set[str]) -> Iterable[tuple[str, list[str]]]:
    of = WorkspaceNamespace.Of
    return (of.DATASETS.value, sorted(of_datasets)), (of.JOBS.value, sorted(of_jobs))
