"""Shapes of metric definitions and trends."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import Metric, MetricDefinition
from registry.queries.versions import reference_of


class MetricDefinitionSerializer(serializers.ModelSerializer[MetricDefinition]):
    """One revision of a definition; without a workspace it holds in the whole organisation."""

    workspace = serializers.CharField(source="workspace.slug", default=None)
    created_by = serializers.CharField(source="created_by.username", default=None)

    class Meta:
        model = MetricDefinition
        fields = (
            "uuid",
            "workspace",
            "name",
            "revision",
            "is_current",
            "evaluator_kind",
            "direction",
            "unit",
            "minimum",
            "maximum",
            "description",
            "source",
            "created_at",
            "created_by",
        )


class MetricDefineSerializer(InputSerializer):
    """What defines a metric."""

    workspace = serializers.CharField(max_length=63, allow_blank=True, default="")
    name = serializers.CharField(max_length=200)
    evaluator_kind = serializers.ChoiceField(choices=MetricDefinition.EvaluatorKind.choices)
    direction = serializers.ChoiceField(choices=MetricDefinition.Direction.choices)
    unit = serializers.CharField(max_length=50, allow_blank=True, default="")
    minimum = serializers.FloatField(allow_null=True, default=None)
    maximum = serializers.FloatField(allow_null=True, default=None)
    description = serializers.CharField(max_length=20_000)
    source = serializers.CharField(  # type: ignore[assignment]  # a field, not the attribute
        max_length=500, allow_blank=True, default=""
    )


class TrendPointSerializer(serializers.Serializer[Metric]):
    """A value that a result found for a version of the asset."""

    metric = serializers.CharField()
    value = serializers.FloatField()
    evaluator = serializers.CharField()
    evaluator_version = serializers.CharField(allow_null=True)
    number = serializers.IntegerField(allow_null=True)
    version = serializers.CharField(allow_null=True)
    result = serializers.CharField()
    dataset = serializers.CharField(allow_null=True)
    dataset_digest = serializers.CharField(allow_null=True)
    measured_at = serializers.DateTimeField()

    def to_representation(self, instance: Metric) -> dict[str, Any]:
        """Return the point; a dataset that the caller may not see has neither ref nor digest."""
        result, links = instance.version, list(instance.version.links.all())
        asset, readable = self.context["asset"], self.context["readable"]
        of_asset = [each.target for each in links if each.target.asset_id == asset.pk]
        data = [
            each.target
            for each in links
            if each.role == "evaluated_on" and each.target.asset.workspace_id in readable
        ]
        told = {item["name"]: item for item in result.spec.body.get("evaluators", ())}
        return {
            "metric": instance.name,
            "value": instance.value,
            "evaluator": instance.evaluator,
            "evaluator_version": told.get(instance.evaluator, {}).get("version"),
            "number": of_asset[0].number if of_asset else None,
            "version": str(reference_of(of_asset[0])) if of_asset else None,
            "result": str(reference_of(result)),
            "dataset": str(reference_of(data[0])) if data else None,
            "dataset_digest": data[0].digest if data else None,
            "measured_at": result.created_at.isoformat().replace("+00:00", "Z"),
        }
