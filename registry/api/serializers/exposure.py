"""Shapes of what was served that rests on a version."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.csv_text import lines
from registry.queries.exposure import Exposure
from registry.queries.versions import reference_of


class ExposureQuerySerializer(serializers.Serializer[Any]):
    """Which version is asked about, and how to answer."""

    ref = serializers.CharField(max_length=1_000)
    format = serializers.ChoiceField(choices=["json", "csv"], default="json")


class ExposedSerializer(serializers.Serializer[Any]):
    """One version in one deployment."""

    workspace = serializers.CharField()
    deployment = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField()
    revisions = serializers.ListField(child=serializers.IntegerField())
    serves_now = serializers.BooleanField()
    owner_contact = serializers.CharField()
    windows = serializers.IntegerField()
    requests = serializers.IntegerField()
    requests_before = serializers.IntegerField()
    requests_across = serializers.IntegerField()
    requests_after = serializers.IntegerField()
    first_served_at = serializers.DateTimeField(allow_null=True)
    last_served_at = serializers.DateTimeField(allow_null=True)
    samples = serializers.IntegerField()
    samples_before = serializers.IntegerField()
    samples_after = serializers.IntegerField()


class ExposureSerializer(serializers.Serializer[Any]):
    """What was served that rests on a version."""

    ref = serializers.SerializerMethodField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    rows = ExposedSerializer(many=True)
    totals = serializers.DictField(child=serializers.IntegerField())
    is_truncated = serializers.BooleanField()

    def get_ref(self, exposure: Exposure) -> str:
        """Return the reference of the version that was asked about."""
        return str(reference_of(exposure.version))


def exposure_as_csv(exposure: Exposure) -> str:
    """Return the rows as CSV with a header."""
    columns = list(ExposedSerializer().fields)
    rows = ExposedSerializer(exposure.rows, many=True).data
    told = [[_cell(row[name]) for name in columns] for row in rows]
    return "".join(lines([columns, *told]))


def _cell(value: Any) -> Any:
    return " ".join(str(each) for each in value) if isinstance(value, list) else value
