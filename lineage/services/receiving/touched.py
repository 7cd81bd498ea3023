"""Which datasets jobs read and write, over all their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from lineage.models import JobDataset
from lineage.received import runs as told_by_runs
from lineage.services.receiving.writing import among

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    _insert(workspace, [(*touch, touching[touch].key) for touch in sorted(new)])


def _insert(workspace: Workspace, rows: Sequence[tuple[int, int, str, str]]) -> None:
    """Write rows as the driver takes them: objects of the ORM would cost more than the rest."""
    if not rows:
        return
    quote, table = connection.ops.quote_name, JobDataset._meta.db_table
    columns = ("job_id", "dataset_id", "role", "job_key", "workspace_id", "recorded_at")
    names = ", ".join(quote(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(table)} ({names}) VALUES ({places})",  # noqa: S608 - ours
            [(*row, workspace.pk, now) for row in rows],
        )


def _named(jobs: Jobs, runs: Runs) -> Iterator[tuple[Job, str, str]]:
    for run in runs.rows.values():
        yield from _sides(run.job, run.state)
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
