"""Experiments: a hypothesis, the runs that try it, and the verdict on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.ids import new_uuid
from registry.models.version import AssetVersion
from registry.models.workspace import Workspace


class LifecycleStage(models.TextChoices):
    """Whether an experiment or run is shown; a deleted one can be restored."""

    ACTIVE = "active"
    DELETED = "deleted"


class Experiment(models.Model):
    """A named question in one workspace. The bigint key is the experiment id of MLflow clients."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="experiments")
    name = models.CharField(max_length=500)
    hypothesis = models.TextField(blank=True)
    artifact_location = models.CharField(max_length=2000, blank=True)
    lifecycle_stage = models.CharField(
        max_length=7, choices=LifecycleStage.choices, default=LifecycleStage.ACTIVE
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_experiment_per_name"),
            models.CheckConstraint(
                condition=Q(lifecycle_stage__in=["active", "deleted"]), name="experiment_lifecycle"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExperimentTag(models.Model):
    """A changeable key and value of an experiment."""

    experiment = models.ForeignKey(Experiment, on_delete=models.PROTECT, related_name="tags")
    key = models.CharField(max_length=250)
    value = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["experiment", "key"], name="one_experiment_tag"),
        ]


class Verdict(models.TextChoices):
    """How a hypothesis stands."""

    OPEN = "open"
    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class ExperimentVerdict(Fact):
    """What was concluded, from when until when; an experiment without one is open."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    experiment = models.ForeignKey(Experiment, on_delete=models.PROTECT, related_name="verdicts")
    status = models.CharField(max_length=12, choices=Verdict.choices)
    text = models.TextField()
    decided_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["experiment"],
                condition=Q(valid_to__isnull=True),
                name="one_verdict_at_a_time",
            ),
        ]


class VerdictResult(models.Model):
    """A result that a verdict rests on."""

    verdict = models.ForeignKey(ExperimentVerdict, on_delete=models.PROTECT, related_name="results")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["verdict", "version"], name="one_result_per_verdict"),
        ]
