"""Shapes of drift: baselines, comparisons and what they found."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import DriftBaseline, DriftCheck, DriftResult
from registry.queries.versions import reference_of


class BaselineInputSerializer(InputSerializer):
    """Values of a feature: ``values`` of a number, or ``counts`` of categories."""

    feature = serializers.CharField(max_length=200)
    values = serializers.ListField(
        child=serializers.FloatField(), max_length=50_000, required=False
    )
    counts = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=2**53 - 1), required=False
    )
    evaluator = serializers.CharField(max_length=200, allow_blank=True, default="")
    dataset = serializers.CharField(max_length=1_000, allow_blank=True, default="")


class BaselineSerializer(serializers.ModelSerializer[DriftBaseline]):
    """A baseline without its values; ``digest`` covers them."""

    form = serializers.CharField()
    evaluator = serializers.SerializerMethodField()
    dataset = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = DriftBaseline
        fields = (
            "uuid",
            "feature",
            "form",
            "evaluator",
            "dataset",
            "digest",
            "size",
            "created_at",
            "created_by",
        )

    def get_evaluator(self, baseline: DriftBaseline) -> str:
        """Return who gives the quality metric that this is about, empty for a feature."""
        return str(baseline.body.get("evaluator", ""))

    def get_dataset(self, baseline: DriftBaseline) -> str | None:
        """Return the reference of the version that the values were taken from."""
        return str(reference_of(baseline.dataset)) if baseline.dataset else None


class DriftCheckInputSerializer(InputSerializer):
    """What a comparison does."""

    name = serializers.CharField(max_length=200)
    method = serializers.CharField(max_length=3)
    bound = serializers.FloatField()
    baseline = serializers.UUIDField(required=False, allow_null=True)
    evaluator = serializers.CharField(max_length=200, allow_blank=True, default="")
    window_hours = serializers.IntegerField(min_value=1, max_value=24 * 92, default=24)
    every_hours = serializers.IntegerField(min_value=1, max_value=24 * 31, default=24)
    least_samples = serializers.IntegerField(min_value=1, max_value=50_000, default=100)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class DriftReportSerializer(InputSerializer):
    """What an evaluator measured over a window of time."""

    window_start = serializers.DateTimeField()
    window_end = serializers.DateTimeField()
    value = serializers.FloatField()
    samples = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class DriftResultSerializer(serializers.ModelSerializer[DriftResult]):
    """What a comparison found; ``value`` is null where too little was served to tell."""

    detail = serializers.JSONField()

    class Meta:
        model = DriftResult
        fields = (
            "uuid",
            "window_start",
            "window_end",
            "samples",
            "value",
            "is_drifted",
            "detail",
            "measured_at",
        )


class DriftCheckSerializer(serializers.ModelSerializer[DriftCheck]):
    """A comparison, with what it found last."""

    method = serializers.CharField()
    baseline = serializers.SerializerMethodField()
    set_by = serializers.CharField(source="set_by.username")
    latest = serializers.SerializerMethodField()

    class Meta:
        model = DriftCheck
        fields = (
            "uuid",
            "name",
            "method",
            "baseline",
            "evaluator",
            "bound",
            "window_hours",
            "every_hours",
            "least_samples",
            "set_by",
            "valid_from",
            "valid_to",
            "latest",
        )

    def get_baseline(self, check: DriftCheck) -> str | None:
        """Return the id of the baseline, none where the values are measured elsewhere."""
        return str(check.baseline.uuid) if check.baseline else None

    @extend_schema_field(DriftResultSerializer(allow_null=True))
    def get_latest(self, check: DriftCheck) -> dict[str, Any] | None:
        """Return the result of the newest window."""
        newest = (
            check.newest
            if hasattr(check, "newest")
            else list(check.results.order_by("-window_end")[:1])
        )
        return dict(DriftResultSerializer(newest[0]).data) if newest else None


class MeasurementRequestedSerializer(serializers.Serializer[Any]):
    """The background work that was asked for."""

    task = serializers.UUIDField(source="uuid")
    state = serializers.CharField()
