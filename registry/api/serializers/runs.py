"""Shapes of runs."""

from __future__ import annotations

import math
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.api.serializers.experiments import REFERENCE, Tags, Tracked
from registry.api.serializers.life import ReasonField
from registry.models import Run, RunInput, RunLatestMetric, RunMetric
from registry.models.run import RUN_ENDS
from registry.queries.versions import reference_of

NOT_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def number_as_json(value: float) -> float | str:
    """Return the number, or its name where JSON has no number for it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


class PointSerializer(serializers.Serializer[RunMetric | RunLatestMetric]):
    """A logged value; one that is no number is spelled NaN, Infinity or -Infinity."""

    key = serializers.CharField()
    value = serializers.JSONField()
    step = serializers.IntegerField()
    timestamp = serializers.IntegerField()

    def to_representation(self, instance: RunMetric | RunLatestMetric) -> dict[str, Any]:
        """Return the point."""
        return {
            "key": instance.key,
            "value": number_as_json(instance.number),
            "step": instance.step,
            "timestamp": instance.timestamp,
        }


class RunInputSerializer(serializers.ModelSerializer[RunInput]):
    """A dataset that a run read; a version that the caller may not see has no reference."""

    version = serializers.SerializerMethodField()

    class Meta:
        model = RunInput
        fields = ("version", "name", "digest", "context", "source_type", "source", "tags")

    def get_version(self, item: RunInput) -> str | None:
        """Return the reference of the version, if it is one here."""
        version = item.version
        if version is None or version.asset.workspace_id not in self.context["readable"]:
            return None
        return str(reference_of(version))


class RunSerializer(Tracked, serializers.ModelSerializer[Run]):
    """A run with all but the history of its metrics."""

    run_id = serializers.CharField(source="uuid.hex")
    experiment = serializers.UUIDField(source="experiment.uuid")
    workspace = serializers.CharField(source="experiment.workspace.slug")
    created_by = serializers.CharField(source="created_by.username")
    params = serializers.SerializerMethodField()
    metrics = PointSerializer(source="latest_metrics", many=True)
    inputs = RunInputSerializer(many=True)
    outputs = serializers.SerializerMethodField()

    class Meta:
        model = Run
        fields = (
            "uuid",
            "run_id",
            "experiment",
            "workspace",
            "name",
            "description",
            "status",
            "lifecycle_stage",
            "deletion",
            "artifact_location",
            "started_at",
            "ended_at",
            "created_by",
            "params",
            "tags",
            "metrics",
            "inputs",
            "outputs",
        )

    def get_params(self, run: Run) -> dict[str, str]:
        """Return the params by key."""
        return {param.key: param.value for param in run.params.all()}

    def get_outputs(self, run: Run) -> list[str | None]:
        """Return the references of what the run made; null for what the caller may not see."""
        return [
            str(reference_of(item.version))
            if item.version.asset.workspace_id in self.context["readable"]
            else None
            for item in run.outputs.all()
        ]


class RunCreateSerializer(InputSerializer):
    """What starts a run."""

    experiment = serializers.UUIDField()
    name = serializers.CharField(max_length=250, allow_blank=True, default="")
    started_at = serializers.DateTimeField(allow_null=True, default=None)
    artifact_location = serializers.CharField(max_length=2_000, allow_blank=True, default="")
    params = Tags(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), default=dict
    )
    tags = Tags(child=serializers.CharField(allow_blank=True, trim_whitespace=False), default=dict)


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string", "enum": list(NOT_NUMBERS)}]})
class LoggedNumber(serializers.Field[float, Any, Any, Any]):
    """A number, or the name of what JSON has no number for."""

    default_error_messages = {"invalid": "must be a number, NaN, Infinity or -Infinity"}

    def to_internal_value(self, data: Any) -> float:
        """Return the value as a float; an integer beyond every float is an error."""
        if isinstance(data, str) and data in NOT_NUMBERS:
            return NOT_NUMBERS[data]
        if isinstance(data, int | float) and not isinstance(data, bool):
            try:
                return float(data)
            except OverflowError:
                self.fail("invalid")
        return self.fail("invalid")

    def to_representation(self, value: float) -> float | str:
        """Return what JSON can hold."""
        return number_as_json(value)


class PointInputSerializer(InputSerializer):
    """A value to log; the time is in milliseconds since 1970, now unless given."""

    key = serializers.CharField(max_length=1_000, trim_whitespace=False)
    value = LoggedNumber()
    step = serializers.IntegerField(min_value=-(2**63) + 1, max_value=2**63 - 1, default=0)
    timestamp = serializers.IntegerField(min_value=0, allow_null=True, default=None)


class DatasetInputSerializer(InputSerializer):
    """A dataset that a run read: a version, or name and digest of one elsewhere."""

    version = serializers.CharField(max_length=REFERENCE, allow_blank=True, default="")
    name = serializers.CharField(max_length=500, allow_blank=True, default="")
    digest = serializers.CharField(max_length=200, allow_blank=True, default="")
    context = serializers.CharField(  # type: ignore[assignment]  # a field, not the attribute
        max_length=250, allow_blank=True, default=""
    )
    source_type = serializers.CharField(max_length=50, allow_blank=True, default="")
    source = serializers.CharField(  # type: ignore[assignment]  # likewise
        max_length=65_535, allow_blank=True, default=""
    )
    schema = serializers.CharField(max_length=1_000_000, allow_blank=True, default="")
    profile = serializers.CharField(max_length=1_000_000, allow_blank=True, default="")
    tags = Tags(child=serializers.CharField(allow_blank=True, trim_whitespace=False), default=dict)


class BatchSerializer(InputSerializer):
    """What a run reports at once."""

    metrics = PointInputSerializer(many=True, default=list)
    params = Tags(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), default=dict
    )
    tags = Tags(child=serializers.CharField(allow_blank=True, trim_whitespace=False), default=dict)
    inputs = DatasetInputSerializer(many=True, default=list)
    outputs = serializers.ListField(
        child=serializers.CharField(max_length=REFERENCE), max_length=100, default=list
    )


class FinishSerializer(InputSerializer):
    """What ends a run."""

    status = serializers.ChoiceField(choices=RUN_ENDS, default="finished")
    ended_at = serializers.DateTimeField(allow_null=True, default=None)


class RunChangeSerializer(InputSerializer):
    """What renames or describes a run, or says how it stands; what is left out stays."""

    name = serializers.CharField(max_length=250, allow_blank=True, required=False)
    description = serializers.CharField(max_length=8_000, allow_blank=True, required=False)
    status = serializers.ChoiceField(choices=Run.Status.choices, required=False)
    ended_at = serializers.DateTimeField(required=False)
    reason = ReasonField()
