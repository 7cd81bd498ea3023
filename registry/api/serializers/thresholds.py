"""Shapes of thresholds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import ThresholdBreach, ThresholdRule


class ThresholdInputSerializer(InputSerializer):
    """What a threshold asks for."""

    name = serializers.CharField(max_length=200)
    measure = serializers.ChoiceField(choices=ThresholdRule.Measure.choices)
    period = serializers.CharField(max_length=5)
    bound = serializers.CharField(max_length=40)
    currency = serializers.CharField(max_length=3, allow_blank=True, default="")
    metric = serializers.CharField(max_length=200, allow_blank=True, default="")
    evaluator = serializers.CharField(max_length=200, allow_blank=True, default="")
    effect = serializers.CharField(max_length=6, default="report")
    severity = serializers.CharField(max_length=8, default="medium")
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class BreachSerializer(serializers.ModelSerializer[ThresholdBreach]):
    """A time in which a threshold was crossed."""

    class Meta:
        model = ThresholdBreach
        fields = ("uuid", "value", "period_start", "valid_from", "valid_to")


class ThresholdSerializer(serializers.ModelSerializer[ThresholdRule]):
    """A threshold, with its breaches."""

    measure = serializers.CharField()
    period = serializers.CharField()
    effect = serializers.CharField()
    breaches = serializers.SerializerMethodField()
    set_by = serializers.CharField(source="set_by.username")

    class Meta:
        model = ThresholdRule
        fields = (
            "uuid",
            "name",
            "measure",
            "period",
            "bound",
            "currency",
            "metric",
            "evaluator",
            "effect",
            "severity",
            "reason",
            "set_by",
            "valid_from",
            "valid_to",
            "breaches",
        )

    @extend_schema_field(BreachSerializer(many=True))
    def get_breaches(self, rule: ThresholdRule) -> list[dict[str, Any]]:
        """Return the last twenty breaches, newest first."""
        newest = sorted(rule.breaches.all(), key=lambda each: -each.pk)[:20]
        return [dict(BreachSerializer(each).data) for each in newest]
