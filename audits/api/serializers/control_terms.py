"""Shapes of mappings of policies to controls, and of statements of how controls are met."""

from __future__ import annotations

from rest_framework import serializers

from audits.models import ControlMapping, ControlStatement
from core.http.serializers import InputSerializer

MAX_REFERENCE = 301


class ControlReasonSerializer(InputSerializer):
    """Why."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ControlMappingCreateSerializer(InputSerializer):
    """A policy, by name, that supports a control, ``framework/control``."""

    control = serializers.CharField(max_length=MAX_REFERENCE)
    policy = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=4_000)


class ControlMappingSerializer(serializers.ModelSerializer[ControlMapping]):
    """A mapping as it is answered."""

    control = serializers.CharField(source="reference")
    policy = serializers.CharField(source="policy.name")
    mapped_by = serializers.CharField(source="mapped_by.username", default=None)
    ended_by = serializers.CharField(source="ended_by.username", default=None)
    mapped_at = serializers.DateTimeField(source="valid_from")
    ended_at = serializers.DateTimeField(source="valid_to", allow_null=True)

    class Meta:
        model = ControlMapping
        fields = (
            "uuid",
            "control",
            "policy",
            "reason",
            "mapped_by",
            "mapped_at",
            "ended_by",
            "ended_at",
        )


class ControlStatementCreateSerializer(InputSerializer):
    """How a control is met in a workspace, or in the whole organisation without one."""

    control = serializers.CharField(max_length=MAX_REFERENCE)
    workspace = serializers.CharField(max_length=63, allow_blank=True, default="")
    state = serializers.ChoiceField(choices=ControlStatement.State.choices)
    text = serializers.CharField(max_length=20_000)
    evidence_uri = serializers.CharField(max_length=2_000, allow_blank=True, default="")
    owner = serializers.CharField(max_length=150, allow_blank=True, default="")
    expires_at = serializers.DateTimeField()


class ControlStatementSerializer(serializers.ModelSerializer[ControlStatement]):
    """A statement as it is answered."""

    status = serializers.ChoiceField(choices=("in_force", "expired", "ended"))
    control = serializers.CharField(source="reference")
    workspace = serializers.CharField(source="workspace.slug", default=None)
    owner = serializers.CharField(source="owner.username")
    stated_by = serializers.CharField(source="stated_by.username")
    stated_at = serializers.DateTimeField(source="valid_from")
    ended_by = serializers.CharField(source="ended_by.username", default=None)
    ended_at = serializers.DateTimeField(source="valid_to", allow_null=True)

    class Meta:
        model = ControlStatement
        fields = (
            "uuid",
            "status",
            "control",
            "workspace",
            "state",
            "text",
            "evidence_uri",
            "owner",
            "stated_by",
            "stated_at",
            "expires_at",
            "ended_by",
            "ended_at",
        )
