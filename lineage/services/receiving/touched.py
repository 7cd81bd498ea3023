"""Which datasets jobs read and write, over all their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lineage.models import JobDataset
from lineage.received import runs as told_by_runs
from lineage.received.names import name_key
from lineage.services.receiving.writing import among

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lineage.models import Dataset, Job
    from lineage.services.receiving.jobs import Jobs
    from lineage.services.receiving.runs import Runs
    from registry.models import Workspace

INPUT, OUTPUT = JobDataset.Role.INPUT.value, JobDataset.Role.OUTPUT.value
Touch = tuple[int, int, str]  # job, dataset, role


def write(workspace: Workspace, jobs: Jobs, runs: Runs, datasets: Mapping[str, Dataset]) -> None:
    """Add the datasets that are new to the jobs of a batch of events; what a job once touched
    stays, as the runs that did so do."""
    touching = {
        (job.pk, datasets[key].pk, role): job
        for job, role, key in _named(jobs, runs)
        if key in datasets  # else no event of this batch names it, and one that came before did
    }
    # A job may have touched very many; asked for are those alone that the batch names.
    named = {dataset for _, dataset, _ in touching}
    known = JobDataset.objects.filter(job__in={job for job, _, _ in touching})
    rows = among(known.values_list("job_id", "dataset_id", "role"), "dataset", sorted(named))
    new = touching.keys() - set(rows)
    JobDataset.objects.bulk_create(
        JobDataset(workspace=workspace, job=job, job_key=job.key, dataset_id=dataset, role=role)
        for (_, dataset, role), job in sorted(
            ((touch, touching[touch]) for touch in new), key=lambda item: item[0]
        )
    )


def _named(jobs: Jobs, runs: Runs) -> Iterator[tuple[Job, str, str]]:
    for run in runs.rows.values():
        told = run.state["job"]
        # Read one by one only where the run names another job than this batch does.
        job = jobs.rows.get(name_key(told["namespace"], told["name"])) or run.job
        yield from _sides(job, run.state)
    for job in jobs.rows.values():
        if "declared" in job.state:
            yield from _sides(job, job.state["declared"])


def _sides(job: Job, state: Mapping[str, Any]) -> Iterator[tuple[Job, str, str]]:
    for role, named in (
        (INPUT, told_by_runs.inputs(state)),
        (OUTPUT, told_by_runs.outputs(state)),
    ):
        for key in named:
            yield job, role, key
