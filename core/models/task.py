"""Background work."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.ids import new_uuid


class Task(models.Model):
    """One piece of background work; this row, not a broker's message, is the truth.

    A worker holds a running task by a lease: ``lease_token`` fences every write, and a task whose
    lease has run out may be claimed again by another worker.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    dedupe_key = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="tasks"
    )
    workspace = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=3)
    run_after = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running", "succeeded", "failed"]),
                name="task_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", lease_token__isnull=False)
                | (~models.Q(state="running") & models.Q(lease_token__isnull=True)),
                name="task_running_iff_leased",
            ),
            models.UniqueConstraint(
                fields=["name", "dedupe_key"],
                condition=models.Q(state__in=["queued", "running"]) & ~models.Q(dedupe_key=""),
                name="one_open_task_per_key",
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_after", "id"],
                name="tasks_to_claim",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
