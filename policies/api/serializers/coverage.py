"""Shapes of the coverage of frameworks."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from policies.packs.coverage import LEVELS


class CoverageQuerySerializer(serializers.Serializer[Any]):
    """What is assigned in which workspace; without, nothing counts as assigned."""

    workspace = serializers.CharField(max_length=63, required=False, default="")


class CoverageListQuerySerializer(CoverageQuerySerializer):
    """Of which framework; of every one without."""

    framework = serializers.CharField(max_length=63, required=False, default="")


class CountsSerializer(serializers.Serializer[Any]):
    """Numbers of controls, and their shares where the catalogue is complete."""

    automatic = serializers.IntegerField(help_text="A rule checks it, or a part of it.")
    manual = serializers.IntegerField(help_text="A person's word alone covers it.")
    none = serializers.IntegerField(help_text="No policy refers to it.")
    automatic_percent = serializers.FloatField(allow_null=True)
    manual_percent = serializers.FloatField(allow_null=True)
    none_percent = serializers.FloatField(allow_null=True)


class ControlCoverageSerializer(serializers.Serializer[Any]):
    """One control, and the policies that refer to it."""

    control = serializers.CharField(source="control.reference")
    title = serializers.CharField(source="control.title", help_text="Empty where not certain.")
    level = serializers.ChoiceField(choices=LEVELS)
    automatic = serializers.ListField(child=serializers.CharField())
    manual = serializers.ListField(child=serializers.CharField())
    assigned = serializers.ChoiceField(choices=LEVELS, help_text="By what is assigned there.")


class FrameworkCoverageSerializer(serializers.Serializer[Any]):
    """A framework, and how much of it policies cover."""

    framework = serializers.CharField(source="framework.name")
    title = serializers.CharField(source="framework.title")
    published_as = serializers.CharField(source="framework.source")
    note = serializers.CharField(source="framework.note")
    is_complete = serializers.BooleanField(source="framework.is_complete")
    extent = serializers.ChoiceField(
        choices=("part", "whole"),
        source="framework.extent",
        help_text="How much of a control an automatic rule checks.",
    )
    controls = serializers.IntegerField(source="size", help_text="How many there are.")
    available = CountsSerializer(help_text="By the policies that there are.")
    assigned = CountsSerializer(help_text="By those that are assigned there.")


class FrameworkControlsSerializer(FrameworkCoverageSerializer):
    """The same with every control."""

    results = ControlCoverageSerializer(many=True, source="controls")


class FrameworkPageSerializer(serializers.Serializer[Any]):
    """Every framework on one page."""

    results = FrameworkCoverageSerializer(many=True)
    next = serializers.CharField(allow_null=True)
