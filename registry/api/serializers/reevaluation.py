"""Shapes of rules about evaluating again, and of the requests."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import AssetVersion, ReevaluationRequest, ReevaluationRule
from registry.queries.versions import asset_reference, reference_of

REFERENCE = 1_000


class ReevaluationRuleSerializer(serializers.ModelSerializer[ReevaluationRule]):
    """A rule; ``valid_to`` is null for one that holds. A hidden dataset is null."""

    asset = serializers.SerializerMethodField()
    dataset = serializers.SerializerMethodField()
    thresholds = serializers.JSONField()
    set_by = serializers.CharField(source="set_by.username")

    class Meta:
        model = ReevaluationRule
        fields = (
            "uuid",
            "asset",
            "alias",
            "dataset",
            "thresholds",
            "interval_days",
            "set_by",
            "valid_from",
            "valid_to",
        )

    def get_asset(self, rule: ReevaluationRule) -> str:
        """Return the reference of the asset."""
        return str(asset_reference(rule.asset))

    def get_dataset(self, rule: ReevaluationRule) -> str | None:
        """Return the reference of the dataset."""
        is_readable = rule.dataset.workspace_id in self.context["readable"]
        return str(asset_reference(rule.dataset)) if is_readable else None


class ThresholdSerializer(InputSerializer):
    """What a metric of the last result must reach, or must not exceed."""

    metric = serializers.CharField(max_length=200)
    evaluator = serializers.CharField(max_length=200)
    minimum = serializers.FloatField(allow_null=True, default=None)
    maximum = serializers.FloatField(allow_null=True, default=None)


class ReevaluationRuleCreateSerializer(InputSerializer):
    """What sets a rule."""

    asset = serializers.CharField(max_length=REFERENCE)
    alias = serializers.CharField(max_length=200, allow_blank=True, default="")
    dataset = serializers.CharField(max_length=REFERENCE)
    thresholds = ThresholdSerializer(many=True, default=list)
    interval_days = serializers.IntegerField(
        min_value=1, max_value=3_650, allow_null=True, default=None
    )
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ReevaluationRequestSerializer(serializers.ModelSerializer[ReevaluationRequest]):
    """A request; versions that the caller may not see are null."""

    rule = serializers.UUIDField(source="rule.uuid")
    version = serializers.SerializerMethodField()
    dataset = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    causes = serializers.JSONField()
    closed_by = serializers.CharField(source="closed_by.username", default=None)

    class Meta:
        model = ReevaluationRequest
        fields = (
            "uuid",
            "rule",
            "version",
            "dataset",
            "causes",
            "opened_at",
            "closed_at",
            "closed_by",
            "result",
            "reason",
        )

    def _shown(self, version: AssetVersion | None) -> str | None:
        if version is None or version.asset.workspace_id not in self.context["readable"]:
            return None
        return str(reference_of(version))

    def get_version(self, request: Any) -> str | None:
        """Return the reference of the version to evaluate."""
        return self._shown(request.version)

    def get_dataset(self, request: Any) -> str | None:
        """Return the reference of the dataset version to evaluate on."""
        return self._shown(request.dataset)

    def get_result(self, request: Any) -> str | None:
        """Return the reference of the result that closed the request."""
        return self._shown(request.result)


class ReevaluationCloseSerializer(InputSerializer):
    """What closes a request: the result that answers it, or a reason."""

    result = serializers.CharField(max_length=REFERENCE, allow_blank=True, default="")
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")
