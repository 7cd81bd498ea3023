"""Thresholds on what deployments serve, and when they are breached."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.facts import Fact
from core.ids import new_uuid
from registry.models.deployment import Deployment


class ThresholdRule(Fact):
    """A bound on a measure of a deployment over a period, from when to when.

    ``bound`` is a decimal as text: money in units of ``currency``, rates as fractions of the
    requests, latency in milliseconds. ``name`` names the rule for good: a changed bound is
    another row of that name.
    """

    class Measure(models.TextChoices):
        COST = "cost"
        ERROR_RATE = "error_rate"
        LATENCY_P95 = "latency_p95"
        BLOCK_RATE = "block_rate"
        QUALITY = "quality"

    class Period(models.TextChoices):
        HOUR = "hour"
        DAY = "day"
        MONTH = "month"

    class Effect(models.TextChoices):
        REPORT = "report"
        DENY = "deny"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="thresholds")
    name = models.CharField(max_length=200)
    measure = models.CharField(max_length=11, choices=Measure.choices)
    period = models.CharField(max_length=5, choices=Period.choices)
    bound = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, blank=True)
    metric = models.CharField(max_length=200, blank=True)
    evaluator = models.CharField(max_length=200, blank=True)
    effect = models.CharField(max_length=6, choices=Effect.choices)
    severity = models.CharField(max_length=8)
    reason = models.TextField(blank=True)
    set_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["deployment", "name"],
                condition=Q(valid_to__isnull=True),
                name="one_open_threshold_per_name",
            ),
            models.CheckConstraint(
                condition=(Q(measure="cost") & ~Q(currency=""))
                | (~Q(measure="cost") & Q(currency="")),
                name="threshold_of_cost_has_a_currency",
            ),
            models.CheckConstraint(
                condition=(Q(measure="quality") & ~Q(metric="") & ~Q(evaluator=""))
                | (~Q(measure="quality") & Q(metric="", evaluator="")),
                name="threshold_of_quality_names_metric_and_evaluator",
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["low", "medium", "high", "critical"]),
                name="threshold_severity",
            ),
            models.CheckConstraint(
                condition=Q(effect__in=["report", "deny"]), name="threshold_effect"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ThresholdBreach(Fact):
    """A time in which a rule's measure was beyond its bound; ``value`` is what was measured when
    it was found, over the period that began at ``period_start``."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    rule = models.ForeignKey(ThresholdRule, on_delete=models.PROTECT, related_name="breaches")
    period_start = models.DateTimeField()
    value = models.CharField(max_length=40)

    class Meta(Fact.Meta):
        default_permissions = ()
        verbose_name_plural = "threshold breaches"
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(valid_to__isnull=True),
                name="one_open_breach_per_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.value}"
