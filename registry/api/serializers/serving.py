"""Shapes of what deployments served."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import (
    ProductionSample,
    ServingWindow,
    WindowBlock,
    WindowQuality,
)
from registry.queries.serving import money
from registry.queries.versions import reference_of
from registry.services.serving.drafts import MAX_COUNT


class HistogramSerializer(InputSerializer):
    """Counts of requests by latency: upper bounds in milliseconds, and one count more."""

    bounds = serializers.ListField(child=serializers.FloatField(), max_length=200)
    counts = serializers.ListField(child=serializers.IntegerField(min_value=0), max_length=201)


class LatencySerializer(InputSerializer):
    """Percentiles in milliseconds, or the histogram to read them off."""

    p50 = serializers.FloatField(required=False)
    p95 = serializers.FloatField(required=False)
    p99 = serializers.FloatField(required=False)
    histogram = HistogramSerializer(required=False)


class BlockSerializer(InputSerializer):
    """How often a filter on one side stopped something of a category."""

    side = serializers.ChoiceField(choices=WindowBlock.Side.choices)
    category = serializers.CharField(max_length=200)
    count = serializers.IntegerField(min_value=0, max_value=MAX_COUNT)


class QualityInputSerializer(InputSerializer):
    """A metric of quality over some samples, with the evaluator that gave it."""

    name = serializers.CharField(max_length=200)
    evaluator = serializers.CharField(max_length=200)
    value = serializers.FloatField()
    samples = serializers.IntegerField(min_value=1, max_value=MAX_COUNT)


class WindowInputSerializer(InputSerializer):
    """What one version served between two times; ``cost`` is a decimal."""

    version = serializers.CharField(max_length=1_000)
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    requests = serializers.IntegerField(min_value=0, max_value=MAX_COUNT)
    tokens_in = serializers.IntegerField(min_value=0, max_value=MAX_COUNT, default=0)
    tokens_out = serializers.IntegerField(min_value=0, max_value=MAX_COUNT, default=0)
    cost = serializers.CharField(max_length=30, required=False)
    currency = serializers.CharField(max_length=3, required=False)
    latency = LatencySerializer(required=False)
    blocks = BlockSerializer(many=True, required=False)
    quality = QualityInputSerializer(many=True, required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``errors``, which as a class attribute would hide the serializer's own."""
        errors = serializers.IntegerField(min_value=0, max_value=MAX_COUNT, default=0)
        return {**super().get_fields(), "errors": errors}


class WindowsInputSerializer(InputSerializer):
    """A batch of up to 1,000 windows that one source counted."""

    windows = WindowInputSerializer(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        return {"source": serializers.CharField(max_length=100), **super().get_fields()}


class TakenSerializer(serializers.Serializer[Any]):
    """How many of a batch were new, and how many had been told before just so."""

    recorded = serializers.IntegerField()
    repeated = serializers.IntegerField()


class WindowQualitySerializer(serializers.ModelSerializer[WindowQuality]):
    """A metric of quality in a window."""

    class Meta:
        model = WindowQuality
        fields = ("name", "evaluator", "value", "samples")


class WindowBlockSerializer(serializers.ModelSerializer[WindowBlock]):
    """What filters stopped in a window."""

    side = serializers.CharField()

    class Meta:
        model = WindowBlock
        fields = ("side", "category", "count")


class ServingWindowSerializer(serializers.ModelSerializer[ServingWindow]):
    """A window as it is answered."""

    version = serializers.SerializerMethodField()
    digest = serializers.CharField(source="version.digest")
    cost = serializers.SerializerMethodField()
    blocks = WindowBlockSerializer(many=True)
    quality = WindowQualitySerializer(many=True, source="qualities")
    reported_by = serializers.CharField(source="reported_by.username")

    class Meta:
        model = ServingWindow
        fields = (
            "uuid",
            "version",
            "digest",
            "start",
            "end",
            "requests",
            "errors",
            "tokens_in",
            "tokens_out",
            "cost",
            "currency",
            "latency_p50",
            "latency_p95",
            "latency_p99",
            "blocks",
            "quality",
            "reported_at",
            "reported_by",
        )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        return {**super().get_fields(), "source": serializers.CharField()}

    def get_version(self, window: ServingWindow) -> str:
        """Return the reference of the version."""
        return str(reference_of(window.version))

    def get_cost(self, window: ServingWindow) -> str | None:
        """Return the cost as a decimal."""
        return money(window.cost_nano)


class UsageSerializer(serializers.Serializer[Any]):
    """What one version served on one day."""

    day = serializers.DateField()
    version = serializers.UUIDField()
    digest = serializers.CharField()
    windows = serializers.IntegerField()
    requests = serializers.IntegerField()
    tokens_in = serializers.IntegerField()
    tokens_out = serializers.IntegerField()
    cost = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    latency_p95_worst = serializers.FloatField(allow_null=True)
    blocks = serializers.ListField(child=serializers.DictField())
    quality = serializers.ListField(child=serializers.DictField())

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``errors``, which as a class attribute would hide the serializer's own."""
        return {**super().get_fields(), "errors": serializers.IntegerField()}


class PeriodSerializer(serializers.Serializer[Any]):
    """From when until when."""

    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class SampleInputSerializer(InputSerializer):
    """A sampled request; whether it holds personal data is declared, not found out."""

    external_id = serializers.CharField(max_length=200)
    version = serializers.CharField(max_length=1_000)
    occurred_at = serializers.DateTimeField()
    retain_until = serializers.DateTimeField()
    features = serializers.DictField(required=False)
    input_text = serializers.CharField(max_length=100_000, allow_blank=True, required=False)
    output_text = serializers.CharField(max_length=100_000, allow_blank=True, required=False)
    has_personal_data = serializers.BooleanField()
    personal_data = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=50, required=False
    )


class SamplesInputSerializer(InputSerializer):
    """A batch of up to 1,000 rows that one source sampled."""

    samples = SampleInputSerializer(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        return {"source": serializers.CharField(max_length=100), **super().get_fields()}


class ProductionSampleSerializer(serializers.ModelSerializer[ProductionSample]):
    """A sampled row; texts are null for whoever may not read them."""

    version = serializers.SerializerMethodField()
    features = serializers.DictField()
    input_text = serializers.SerializerMethodField()
    output_text = serializers.SerializerMethodField()
    personal_data = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ProductionSample
        fields = (
            "uuid",
            "external_id",
            "version",
            "occurred_at",
            "features",
            "input_text",
            "output_text",
            "has_personal_data",
            "personal_data",
            "retain_until",
        )

    def get_version(self, sample: ProductionSample) -> str:
        """Return the reference of the version."""
        return str(reference_of(sample.version))

    def get_input_text(self, sample: ProductionSample) -> str | None:
        """Return what came in."""
        return sample.input_text if self.context["reads_texts"] else None

    def get_output_text(self, sample: ProductionSample) -> str | None:
        """Return what went out."""
        return sample.output_text if self.context["reads_texts"] else None
