"""Drift: how far what is served has moved from a pinned baseline."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.facts import Fact
from core.fields import CanonicalJSONField
from core.ids import new_uuid
from registry.models.deployment import Deployment
from registry.models.version import DIGEST_LENGTH, AssetVersion


class DriftBaseline(models.Model):
    """Values of one feature to compare with, written once.

    ``body`` holds ``values`` of a numeric feature or ``counts`` of a categorical one. ``dataset``
    is the version that they were taken from, where one was named.
    """

    class Form(models.TextChoices):
        NUMERIC = "numeric"
        CATEGORICAL = "categorical"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="baselines")
    dataset = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="baselines"
    )
    feature = models.CharField(max_length=200)
    form = models.CharField(max_length=11, choices=Form.choices)
    body = CanonicalJSONField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(form__in=["numeric", "categorical"]), name="baseline_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feature} {self.digest}"


class DriftCheck(Fact):
    """A comparison that is repeated, from when to when: the samples of the last ``window_hours``
    against the baseline. ``own`` is measured elsewhere, by ``evaluator``, and only held against
    the bound here."""

    class Method(models.TextChoices):
        PSI = "psi"
        KS = "ks"
        JS = "js"
        OWN = "own"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    deployment = models.ForeignKey(
        Deployment, on_delete=models.PROTECT, related_name="drift_checks"
    )
    name = models.CharField(max_length=200)
    method = models.CharField(max_length=3, choices=Method.choices)
    baseline = models.ForeignKey(
        DriftBaseline, null=True, on_delete=models.PROTECT, related_name="checks"
    )
    evaluator = models.CharField(max_length=200, blank=True)
    bound = models.FloatField()
    window_hours = models.PositiveIntegerField()
    every_hours = models.PositiveIntegerField()
    least_samples = models.PositiveIntegerField()
    set_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        default_permissions = ()
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["deployment", "name"],
                condition=Q(valid_to__isnull=True),
                name="one_open_drift_check_per_name",
            ),
            models.CheckConstraint(
                condition=(Q(method="own", baseline__isnull=True) & ~Q(evaluator=""))
                | (Q(method__in=["psi", "ks", "js"], evaluator="") & Q(baseline__isnull=False)),
                name="drift_check_has_baseline_or_evaluator",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DriftResult(models.Model):
    """One comparison. ``value`` is null where there were too few samples to say anything; then
    nothing drifted and nothing recovered."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    check_rule = models.ForeignKey(DriftCheck, on_delete=models.PROTECT, related_name="results")
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    samples = models.PositiveIntegerField()
    value = models.FloatField(null=True)
    is_drifted = models.BooleanField(null=True)
    detail = CanonicalJSONField(default=dict)
    measured_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["check_rule", "window_end"], name="one_drift_result_per_window"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, is_drifted__isnull=True)
                | Q(value__isnull=False, is_drifted__isnull=False),
                name="drift_is_told_iff_measured",
            ),
        ]
        indexes = [models.Index(fields=["check_rule", "-id"], name="drift_results_newest_first")]

    def __str__(self) -> str:
        return f"{self.check_rule_id} {self.value}"
