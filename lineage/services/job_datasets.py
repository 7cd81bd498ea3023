"""Remember which datasets jobs read and write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lineage.models import JobDataset

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lineage.models import Job


@dataclass(frozen=True)
class Touched:
    """The ids of the datasets that a job was told to read and to write."""

    job: Job
    inputs: Collection[int]
    outputs: Collection[int]


def link(told: Iterable[Touched]) -> None:
    """Add the datasets that are new to their jobs, in the current transaction.

    In any order and however often: what a job once touched stays, as the runs that did so do.
    """
    roles = JobDataset.Role
    wanted = {
        (item.job.pk, dataset, role): item.job
        for item in told
        for role, datasets in ((roles.INPUT, item.inputs), (roles.OUTPUT, item.outputs))
        for dataset in datasets
    }
    if not wanted:
        return
    jobs = {job.pk for job in wanted.values()}
    rows = JobDataset.objects.filter(job__in=jobs)
    known = set(rows.values_list("job_id", "dataset_id", "role"))
    JobDataset.objects.bulk_create(
        (
            JobDataset(
                workspace_id=job.workspace_id,
                job=job,
                job_key=job.key,
                dataset_id=dataset,
                role=role,
            )
            # In one order for all writers, so that no two wait for each other.
            for (job_id, dataset, role), job in sorted(
                wanted.items(), key=lambda item: (item[0][0], item[0][1], item[0][2])
            )
            if (job_id, dataset, role.value) not in known
        ),
        ignore_conflicts=True,
    )
