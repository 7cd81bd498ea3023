"""Which datasets a job reads and writes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lineage.models.dataset import KEY_LENGTH, Dataset
from lineage.models.job import Job
from registry.models import Workspace


class JobDataset(models.Model):
    """A job read or wrote a dataset in some run, or a JobEvent declared that it does.

    One row however many runs the job had: walks from job to job cost what the pipelines are long,
    and a job is found by a dataset that it only reads. ``workspace`` and ``job_key`` are the
    job's, so that a step of a walk joins nothing else.
    """

    class Role(models.TextChoices):
        INPUT = "input"
        OUTPUT = "output"

    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    job = models.ForeignKey(
        Job, on_delete=models.PROTECT, related_name="job_datasets", db_index=False
    )
    job_key = models.CharField(max_length=KEY_LENGTH)
    dataset = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, related_name="job_datasets", db_index=False
    )
    role = models.CharField(max_length=6, choices=Role.choices)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["job", "dataset", "role"], name="one_row_per_role"),
            models.CheckConstraint(
                condition=Q(role__in=["input", "output"]), name="job_dataset_role"
            ),
        ]
        indexes = [
            models.Index(fields=["dataset", "role", "job_key"], name="jobs_of_a_dataset"),
            models.Index(fields=["job_key", "role", "dataset"], name="datasets_of_a_job"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.role} {self.dataset_id}"
