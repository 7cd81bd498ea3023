"""Shapes of frameworks, their controls and how those stand."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.frameworks.model import Control
from audits.frameworks.standing import (
    LEVELS,
    SHOWN_LEVELS,
    STATES,
    Coverage,
    Level,
)
from audits.models import OwnFrameworkVersion
from core.http.serializers import InputSerializer


class StandingQuerySerializer(serializers.Serializer[Any]):
    """Where and when."""

    workspace = serializers.CharField(
        max_length=63, required=False, help_text="A slug; all workspaces that you see without."
    )
    at = serializers.DateTimeField(required=False, help_text="By default now.")


class GapsQuerySerializer(StandingQuerySerializer):
    """Which controls, where and when."""

    level = serializers.ChoiceField(choices=LEVELS, required=False)
    verdict = serializers.ChoiceField(choices=STATES, required=False)


class FrameworkVersionQuerySerializer(serializers.Serializer[Any]):
    """Which version of an imported framework; the newest without."""

    version = serializers.IntegerField(min_value=1, required=False)


class FrameworkDiffQuerySerializer(serializers.Serializer[Any]):
    """Which versions are compared."""

    before = serializers.IntegerField(min_value=1)
    after = serializers.IntegerField(min_value=1)


class FrameworkImportSerializer(InputSerializer):
    """A framework to be imported; ``catalog`` is that of an OSCAL document."""

    name = serializers.CharField(max_length=100)
    catalog = serializers.JSONField()
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ControlLinkSerializer(serializers.Serializer[Any]):
    """Where a control leads to."""

    href = serializers.CharField()
    text = serializers.CharField()


class FrameworkControlSerializer(serializers.Serializer[Control]):
    """One control; without a title it is a bare id. Unverified ones are part of no share."""

    control = serializers.CharField(source="reference")
    name = serializers.CharField()
    title = serializers.CharField()
    group = serializers.CharField()
    refines = serializers.CharField(source="parent", help_text="The control around it.")
    statement = serializers.CharField()
    is_verified = serializers.BooleanField()
    is_withdrawn = serializers.BooleanField()
    links = ControlLinkSerializer(many=True)


class ControlGroupSerializer(serializers.Serializer[Any]):
    """What a framework puts controls under."""

    name = serializers.CharField()
    title = serializers.CharField()
    within = serializers.CharField(source="parent", help_text="The group around it.")


class FrameworkHeadSerializer(serializers.Serializer[Any]):
    """What a framework is; ``version`` is null for what ships."""

    name = serializers.CharField()
    title = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    is_shipped = serializers.BooleanField()
    citation = serializers.CharField(source="source")
    source_uri = serializers.CharField()
    is_complete = serializers.BooleanField()
    extent = serializers.ChoiceField(choices=("part", "whole"))
    note = serializers.CharField()
    caution = serializers.CharField()


class FrameworkDetailSerializer(FrameworkHeadSerializer):
    """A framework with all its controls, in its own order."""

    groups = ControlGroupSerializer(many=True)
    results = FrameworkControlSerializer(many=True, source="controls")


class LevelCountsSerializer(serializers.Serializer[Coverage]):
    """How many controls that count are at each level, and in percent; the rest is counted apart."""

    controls = serializers.IntegerField(source="total")
    automatic = serializers.IntegerField()
    manual = serializers.IntegerField()
    statement = serializers.IntegerField()
    record = serializers.IntegerField()
    none = serializers.IntegerField()
    not_applicable = serializers.IntegerField()
    unverified = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    automatic_percent = serializers.FloatField(allow_null=True)
    covered_percent = serializers.FloatField(allow_null=True)
    none_percent = serializers.FloatField(allow_null=True)

    def to_representation(self, instance: Coverage) -> dict[str, Any]:
        """Return the counts by name."""
        return {
            "controls": instance.total,
            **{level.value: instance.count(level) for level in SHOWN_LEVELS},
            "not_applicable": instance.count(Level.NOT_APPLICABLE),
            "unverified": instance.unverified,
            "withdrawn": instance.withdrawn,
            "automatic_percent": instance.percent(Level.AUTOMATIC),
            "covered_percent": instance.covered_percent,
            "none_percent": instance.percent(Level.NONE),
        }


class FrameworkStandingSerializer(serializers.Serializer[Any]):
    """A framework in a list: what it is, and how much speaks for its controls."""

    framework = FrameworkHeadSerializer()
    coverage = LevelCountsSerializer()
    failing = serializers.IntegerField(help_text="Controls of which a policy failed.")


class ScannedWorkspaceSerializer(serializers.Serializer[Any]):
    """The newest complete scan of a workspace, null where there is none."""

    workspace = serializers.CharField()
    scan = serializers.UUIDField(allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True)


class FrameworkListSerializer(serializers.Serializer[Any]):
    """Every framework."""

    results = FrameworkStandingSerializer(many=True)
    next = serializers.CharField(allow_null=True)
    workspaces = serializers.ListField(child=serializers.CharField())
    scans = ScannedWorkspaceSerializer(many=True)


class ControlSupportSerializer(serializers.Serializer[Any]):
    """A policy in force; ``is_mapped``: by a mapping, its METADATA does not name the control."""

    policy = serializers.CharField()
    title = serializers.CharField()
    effect = serializers.CharField()
    is_mapped = serializers.BooleanField()
    workspaces = serializers.ListField(child=serializers.CharField())


class ControlAttestationSerializer(serializers.Serializer[Any]):
    """What a person says of a manual rule, and until when it counts."""

    uuid = serializers.UUIDField()
    policy = serializers.CharField()
    workspace = serializers.CharField()
    state = serializers.CharField()
    attested_by = serializers.CharField()
    owner = serializers.CharField()
    expires_at = serializers.DateTimeField()


class StatedControlSerializer(serializers.Serializer[Any]):
    """What a person says of the control itself; without a workspace of the organisation."""

    uuid = serializers.UUIDField()
    workspace = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    text = serializers.CharField()
    evidence_uri = serializers.CharField()
    owner = serializers.CharField()
    stated_by = serializers.CharField()
    expires_at = serializers.DateTimeField()


class ControlRecordSerializer(serializers.Serializer[Any]):
    """Records that the registry keeps by itself; null where there is none yet."""

    kind = serializers.CharField()
    reason = serializers.CharField()
    newest = serializers.DateTimeField(allow_null=True)


class ControlStandingSerializer(serializers.Serializer[Any]):
    """How one control stands. ``verdict`` is the worst that the newest scans found; open findings
    and risks are of now, null where another time was asked about."""

    control = serializers.CharField(source="control.reference")
    name = serializers.CharField(source="control.name")
    title = serializers.CharField(source="control.title")
    group = serializers.CharField(source="control.group")
    is_verified = serializers.BooleanField(source="control.is_verified")
    level = serializers.ChoiceField(choices=LEVELS)
    is_gap = serializers.BooleanField()
    missing = serializers.CharField()
    verdict = serializers.ChoiceField(choices=STATES, allow_null=True)
    results = serializers.DictField(source="by_state", child=serializers.IntegerField())
    open_findings = serializers.IntegerField(allow_null=True)
    open_risks = serializers.IntegerField(allow_null=True)
    automatic = ControlSupportSerializer(many=True)
    manual = ControlSupportSerializer(many=True)
    attestations = ControlAttestationSerializer(many=True)
    statements = StatedControlSerializer(many=True)
    records = ControlRecordSerializer(many=True)


class FrameworkGapsSerializer(serializers.Serializer[Any]):
    """How every control of a framework stands."""

    framework = FrameworkHeadSerializer()
    at = serializers.DateTimeField(allow_null=True)
    workspaces = serializers.ListField(child=serializers.CharField())
    scans = ScannedWorkspaceSerializer(many=True)
    coverage = LevelCountsSerializer()
    results = ControlStandingSerializer(many=True)


class OwnFrameworkVersionSerializer(serializers.ModelSerializer[OwnFrameworkVersion]):
    """A version of an imported framework; the digest is that of the document's canonical JSON."""

    name = serializers.CharField(source="framework.name")
    controls = serializers.SerializerMethodField()
    imported_by = serializers.CharField(source="imported_by.username", default=None)

    class Meta:
        model = OwnFrameworkVersion
        fields = (
            "uuid",
            "name",
            "number",
            "title",
            "source",
            "source_uri",
            "oscal_version",
            "digest",
            "controls",
            "reason",
            "imported_at",
            "imported_by",
        )

    def get_controls(self, version: OwnFrameworkVersion) -> int:
        """Return how many controls it has."""
        return len(version.contents["controls"])


class ControlChangeSerializer(serializers.Serializer[Any]):
    """A control that two versions say differently."""

    control = serializers.CharField()
    changed = serializers.ListField(child=serializers.CharField(), source="fields")
    before = FrameworkControlSerializer()
    after = FrameworkControlSerializer()


class FrameworkDifferenceSerializer(serializers.Serializer[Any]):
    """What changed between two versions."""

    added = FrameworkControlSerializer(many=True)
    removed = FrameworkControlSerializer(many=True)
    changed = ControlChangeSerializer(many=True)
