"""What deployments served: windows of counts, and sampled rows that are kept for a while."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.fields import CanonicalJSONField
from core.ids import new_uuid
from registry.models.deployment import Deployment
from registry.models.version import DIGEST_LENGTH, AssetVersion

NANO = 10**9  # costs are whole billionths of their currency: sums are exact on every database
MAX_SOURCE = 100


class ServingWindow(models.Model):
    """What one version served between ``start`` and ``end``, as one ``source`` counted it.

    ``digest`` covers everything that was reported, so that telling it again is known for that.
    Percentiles are in milliseconds.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="windows")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="windows")
    source = models.CharField(max_length=MAX_SOURCE)
    start = models.DateTimeField()
    end = models.DateTimeField()
    requests = models.BigIntegerField()
    errors = models.BigIntegerField(default=0)
    tokens_in = models.BigIntegerField(default=0)
    tokens_out = models.BigIntegerField(default=0)
    cost_nano = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    latency_p50 = models.FloatField(null=True)
    latency_p95 = models.FloatField(null=True)
    latency_p99 = models.FloatField(null=True)
    latency_histogram = CanonicalJSONField(null=True)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    reported_at = models.DateTimeField(default=timezone.now, editable=False)
    reported_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "source", "version", "start", "end"],
                name="one_window_per_source_and_version",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="window_ends_after_start"),
            models.CheckConstraint(
                condition=Q(requests__gte=0, errors__gte=0, tokens_in__gte=0, tokens_out__gte=0)
                & Q(errors__lte=F("requests")),
                name="window_counts",
            ),
            models.CheckConstraint(
                condition=Q(cost_nano__isnull=True, currency="")
                | (Q(cost_nano__gte=0) & ~Q(currency="")),
                name="window_cost_has_a_currency",
            ),
        ]
        indexes = [
            models.Index(fields=["deployment", "start"], name="windows_of_deployment"),
            models.Index(fields=["version", "start"], name="windows_of_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.start:%Y-%m-%d %H:%M}"


class WindowBlock(models.Model):
    """How often a content filter stopped something in a window, by side and category."""

    class Side(models.TextChoices):
        INPUT = "input"
        OUTPUT = "output"

    window = models.ForeignKey(ServingWindow, on_delete=models.PROTECT, related_name="blocks")
    side = models.CharField(max_length=6, choices=Side.choices)
    category = models.CharField(max_length=200)
    count = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["window", "side", "category"], name="one_count_per_side_and_category"
            ),
            models.CheckConstraint(
                condition=Q(side__in=["input", "output"], count__gte=0), name="window_block"
            ),
        ]


class WindowQuality(models.Model):
    """A metric of quality in a window, with the evaluator that gave it, over ``samples`` rows."""

    window = models.ForeignKey(ServingWindow, on_delete=models.PROTECT, related_name="qualities")
    name = models.CharField(max_length=200)
    evaluator = models.CharField(max_length=200)
    value = models.FloatField()
    samples = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["window", "name", "evaluator"], name="one_quality_per_evaluator"
            ),
            models.CheckConstraint(condition=Q(samples__gte=1), name="window_quality_samples"),
            models.CheckConstraint(
                condition=~Q(evaluator=""), name="window_quality_names_its_evaluator"
            ),
        ]


class ProductionSample(models.Model):
    """A sampled request: features for drift, texts only where the sender chose to give them.

    Whether it holds personal data is the sender's declaration. The row is deleted after
    ``retain_until``; the journal keeps that, and how many, not what.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="samples")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="samples")
    source = models.CharField(max_length=MAX_SOURCE)
    external_id = models.CharField(max_length=200)
    occurred_at = models.DateTimeField()
    features = CanonicalJSONField(default=dict)
    input_text = models.TextField(blank=True)
    output_text = models.TextField(blank=True)
    has_personal_data = models.BooleanField()
    personal_data = models.JSONField(default=list)
    retain_until = models.DateTimeField()
    reported_at = models.DateTimeField(default=timezone.now, editable=False)
    reported_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "source", "external_id"], name="one_sample_per_external_id"
            ),
        ]
        indexes = [
            models.Index(fields=["deployment", "occurred_at"], name="samples_of_deployment"),
            models.Index(fields=["retain_until"], name="samples_by_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
