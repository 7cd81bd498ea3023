"""Which datasets jobs read and write, over all their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from lineage.models import JobDataset
from lineage.received import runs as told_by_runs
from lineage.received.names import name_key
from lineage.services.receiving.writing import among, insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lineage.models import Dataset
    from lineage.services.receiving.jobs import Jobs
    from lineage.services.receiving.runs import Runs
    from registry.models import Workspace

INPUT, OUTPUT = JobDataset.Role.INPUT.value, JobDataset.Role.OUTPUT.value
COLUMNS = ("job_id", "dataset_id", "role", "job_key", "workspace_id", "recorded_at")


def write(workspace: Workspace, jobs: Jobs, runs: Runs, datasets: Mapping[str, Dataset]) -> None:
    """Add the datasets that are new to the jobs of a batch of events; what a job once touched
    stays, as the runs that did so do."""
    touching = {
        (job, datasets[key].pk, role): job_key
        for job, job_key, role, key in _named(jobs, runs)
        if key in datasets  # else no event of this batch names it, and one that came before did
    }
    # A job may have touched very many; asked for are those alone that the batch names.
    named = {dataset for _, dataset, _ in touching}
    known = JobDataset.objects.filter(job__in={job for job, _, _ in touching})
    rows = among(known.values_list("job_id", "dataset_id", "role"), "dataset", sorted(named))
    now = timezone.now()
    fresh = sorted(touching.keys() - set(rows))
    insert_rows(
        JobDataset, COLUMNS, [(*touch, touching[touch], workspace.pk, now) for touch in fresh]
    )


def _named(jobs: Jobs, runs: Runs) -> Iterator[tuple[int, str, str, str]]:
    """Yield id and key of a job, a role, and the key of a dataset."""
    for run in runs.rows.values():
        told = run.state["job"]
        job_key = name_key(told["namespace"], told["name"])
        for role, key in _sides(run.state):
            yield run.job_id, job_key, role, key
    for job in jobs.rows.values():
        for role, key in _sides(job.state.get("declared", {})):
            yield job.pk, job.key, role, key


def _sides(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not state:
        return
    for role, named in (
        (INPUT, told_by_runs.inputs(state)),
        (OUTPUT, told_by_runs.outputs(state)),
    ):
        for key in named:
            yield role, key
