"""Runs: one execution each, with parameters, metrics over time, inputs and outputs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from registry.models.experiment import Experiment, LifecycleStage
from registry.models.version import AssetVersion

MAX_KEY = 250


class Run(models.Model):
    """One execution. The 32 hexadecimal digits of ``uuid`` are the run id of MLflow clients."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled"
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"
        KILLED = "killed"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    experiment = models.ForeignKey(Experiment, on_delete=models.PROTECT, related_name="runs")
    name = models.CharField(max_length=MAX_KEY, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.RUNNING)
    lifecycle_stage = models.CharField(
        max_length=7, choices=LifecycleStage.choices, default=LifecycleStage.ACTIVE
    )
    artifact_location = models.CharField(max_length=2000, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["scheduled", "running", "finished", "failed", "killed"]),
                name="run_status",
            ),
            models.CheckConstraint(
                condition=Q(lifecycle_stage__in=["active", "deleted"]), name="run_lifecycle"
            ),
        ]
        indexes = [
            models.Index(fields=["experiment", "-id"], name="runs_newest_first"),
            models.Index(fields=["experiment", "-started_at", "-id"], name="runs_by_start"),
        ]

    def __str__(self) -> str:
        return self.name or self.uuid.hex


RUN_ENDS = [
    (end.value, end.label) for end in (Run.Status.FINISHED, Run.Status.FAILED, Run.Status.KILLED)
]


class RunParam(models.Model):
    """What a run was started with; a key never changes its value."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="params")
    key = models.CharField(max_length=MAX_KEY)
    value = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="one_run_param")]


class RunTag(models.Model):
    """A changeable key and value of a run."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="tags")
    key = models.CharField(max_length=MAX_KEY)
    value = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="one_run_tag")]


class MetricPoint(models.Model):
    """Abstract base: a number at a step and a time (milliseconds since 1970).

    A number that is none has ``is_nan`` and the value 0: SQLite keeps no NaN. Infinities are
    kept as they are.
    """

    key = models.CharField(max_length=MAX_KEY)
    step = models.BigIntegerField()
    timestamp = models.BigIntegerField()
    value = models.FloatField()
    is_nan = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def number(self) -> float:
        """Return the value, NaN where it is none."""
        return float("nan") if self.is_nan else self.value


class RunMetric(MetricPoint):
    """One logged value. Its unique key is also the order of a metric's history."""

    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="metric_history", db_index=False
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["run", "key", "step", "timestamp", "is_nan", "value"], name="one_run_metric"
            ),
        ]


class RunLatestMetric(MetricPoint):
    """The value of the greatest step (then time, then value) of each metric of a run."""

    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="latest_metrics", db_index=False
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="one_latest_run_metric"),
        ]
        indexes = [models.Index(fields=["key", "value"], name="runs_by_metric")]


class RunInput(models.Model):
    """A dataset that a run read: a version here, or one elsewhere by name and digest.

    ``context`` says what for, such as training; ``tags`` hold what else a client told of this use.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="inputs")
    version = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="read_by_runs"
    )
    name = models.CharField(max_length=500)
    digest = models.CharField(max_length=200)
    context = models.CharField(max_length=MAX_KEY, blank=True)
    source_type = models.CharField(max_length=50, blank=True)
    source = models.TextField(blank=True)
    schema = models.TextField(blank=True)
    profile = models.TextField(blank=True)
    tags = models.JSONField(default=dict, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["run", "name", "digest", "context"], name="one_run_input"
            ),
        ]
        indexes = [models.Index(fields=["name", "digest"], name="runs_by_dataset")]


class RunOutput(models.Model):
    """A version that a run made."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="outputs")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="made_by_runs")
    step = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["run", "version"], name="one_run_output")]
