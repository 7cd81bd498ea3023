"""Jobs and runs, as OpenLineage events told of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from lineage.models.dataset import KEY_LENGTH
from registry.models import Workspace


class Job(models.Model):
    """A job of a workspace's namespace; two workspaces that tell of one name have two jobs.

    ``state`` holds the latest of each facet, and the inputs and outputs that a JobEvent declared,
    with the times of their events.
    """

    class Type(models.TextChoices):
        BATCH = "BATCH"
        STREAM = "STREAM"
        SERVICE = "SERVICE"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=KEY_LENGTH)
    namespace = models.TextField()
    name = models.TextField()
    namespace_key = models.CharField(max_length=KEY_LENGTH)
    type = models.CharField(max_length=7, choices=Type.choices, default=Type.BATCH)
    state = models.JSONField(default=dict)
    event_time = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key", "workspace"], name="one_job_per_name"),
            models.CheckConstraint(
                condition=Q(type__in=["BATCH", "STREAM", "SERVICE"]), name="lineage_job_type"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="jobs_of_a_workspace"),
            models.Index(fields=["-event_time", "-id"], name="lineage_jobs_by_event_time"),
            models.Index(
                fields=["namespace_key", "-event_time", "-id"], name="jobs_of_a_namespace"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.namespace} {self.name}"


class Run(models.Model):
    """A run of a job: what all its events together say, in whatever order they came.

    ``state`` is the fold of the run's events (``lineage.received.runs``); ``status`` follows
    from it. A run belongs to the workspace that told of it: nobody else's events change it.
    """

    class Status(models.TextChoices):
        NEW = "NEW"
        RUNNING = "RUNNING"
        COMPLETED = "COMPLETED"
        FAILED = "FAILED"
        ABORTED = "ABORTED"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    run_id = models.UUIDField()
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="runs")
    parent_run_id = models.UUIDField(null=True, db_index=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.NEW)
    state = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    nominal_start = models.DateTimeField(null=True)
    nominal_end = models.DateTimeField(null=True)
    event_time = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run_id", "workspace"], name="one_run_per_id"),
            models.CheckConstraint(
                condition=Q(status__in=["NEW", "RUNNING", "COMPLETED", "FAILED", "ABORTED"]),
                name="lineage_run_status",
            ),
        ]
        indexes = [
            models.Index(fields=["job", "-event_time"], name="runs_of_a_job"),
            models.Index(fields=["workspace", "-id"], name="lineage_runs_of_a_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.status}"
