"""Shapes of test runs and of the playground."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.api.serializers.decisions import FindingSerializer
from policies.engines.base import MAX_MODULE_BYTES
from policies.engines.traces import EXPLANATIONS


class OutcomeSerializer(serializers.Serializer[Any]):
    """What one engine said."""

    engine = serializers.CharField()
    engine_version = serializers.CharField()
    state = serializers.CharField()
    findings = FindingSerializer(many=True)
    error = serializers.CharField()
    duration_us = serializers.IntegerField()


class TestRunSerializer(serializers.Serializer[Any]):
    """A rule of the tests as ``opa test`` ran it."""

    package = serializers.CharField()
    name = serializers.CharField()
    passed = serializers.BooleanField()
    reason = serializers.CharField()
    duration_us = serializers.IntegerField()


class FixtureRunSerializer(serializers.Serializer[Any]):
    """A fixture on one engine."""

    name = serializers.CharField()
    expected = serializers.CharField()
    passed = serializers.BooleanField()
    outcome = OutcomeSerializer()


class TestReportSerializer(serializers.Serializer[Any]):
    """What the tests and fixtures of a version say today; ``why_no_suite`` tells why OPA did not
    run its tests, where it did not."""

    ref = serializers.CharField(source="version.reference")
    digest = serializers.CharField(source="version.digest")
    ok = serializers.BooleanField()
    checked_by = serializers.CharField(source="suite.checked_by", default=None)
    tests = TestRunSerializer(source="suite.runs", many=True, default=())
    why_no_suite = serializers.CharField()
    fixtures = FixtureRunSerializer(many=True)
    duration_us = serializers.IntegerField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Something about a text, with its place."""

    line = serializers.IntegerField()
    column = serializers.IntegerField()
    message = serializers.CharField()


class TracedSerializer(serializers.Serializer[Any]):
    """What one engine said, printed and explained."""

    outcome = OutcomeSerializer()
    printed = serializers.CharField()
    trace = serializers.CharField()


class TrialSerializer(serializers.Serializer[Any]):
    """What came of a trial. ``problems`` keep the text from being stored; ``advice`` does not."""

    problems = ProblemSerializer(many=True)
    advice = ProblemSerializer(many=True)
    metadata_problem = serializers.CharField()
    input = serializers.JSONField()
    input_problems = serializers.ListField(child=serializers.CharField())
    traced = TracedSerializer(many=True)


class TrialCreateSerializer(InputSerializer):
    """A text to try, and one of ``snapshot``, ``fixture`` or ``input`` to try it on."""

    snapshot = serializers.UUIDField(required=False)
    fixture = serializers.UUIDField(required=False)
    input = serializers.DictField(required=False)
    parameters = serializers.DictField(required=False)
    explain = serializers.ChoiceField(choices=EXPLANATIONS, default="fails")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        source = serializers.CharField(max_length=MAX_MODULE_BYTES, trim_whitespace=False)
        return {**super().get_fields(), "source": source}
