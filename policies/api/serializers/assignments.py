"""Shapes of assignments and exemptions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.models import Assignment, Effect, Exemption


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """An assignment as it is answered; the query says which excluded workspaces are shown."""

    scope = serializers.CharField(source="place")
    workspace = serializers.CharField(source="workspace.slug", default=None)
    policy = serializers.CharField(source="policy_version.reference", default=None)
    set = serializers.CharField(source="set_version.reference", default=None)
    excluded = serializers.SlugRelatedField[Any](slug_field="slug", many=True, read_only=True)
    assigned_by = serializers.CharField(source="assigned_by.username", default=None)
    ended_by = serializers.CharField(source="ended_by.username", default=None)

    class Meta:
        model = Assignment
        fields = (
            "uuid",
            "scope",
            "workspace",
            "policy",
            "set",
            "effect",
            "parameters",
            "is_enforced",
            "message",
            "excluded",
            "valid_from",
            "valid_to",
            "assigned_by",
            "ended_by",
        )


class AssignmentCreateSerializer(InputSerializer):
    """What assigns: ``scope`` is organisation, stage/<stage> or workspace/<slug>; ``policy`` or
    ``set`` is name (pinned to the newest version) or name/number."""

    scope = serializers.CharField(max_length=200)
    policy = serializers.CharField(max_length=1_000, default="")
    set = serializers.CharField(max_length=1_000, default="")
    effect = serializers.ChoiceField(choices=Effect.choices)
    parameters = serializers.DictField(default=dict)
    is_enforced = serializers.BooleanField(default=True)
    message = serializers.CharField(max_length=4_000, allow_blank=True, default="")
    excluded = serializers.ListField(
        child=serializers.CharField(max_length=63), max_length=1_000, default=list
    )
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ReasonSerializer(InputSerializer):
    """Why something is done."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ExemptionSerializer(serializers.ModelSerializer[Exemption]):
    """An exemption as it is answered."""

    status = serializers.CharField()
    assignment = serializers.UUIDField(source="assignment.uuid")
    workspace = serializers.CharField(source="workspace.slug")
    resource = serializers.UUIDField(source="resource.uuid", default=None)
    requested_by = serializers.CharField(source="requested_by.username")
    approved_by = serializers.CharField(source="approved_by.username", default=None)
    ended_by = serializers.CharField(source="ended_by.username", default=None)
    ended_at = serializers.DateTimeField(source="valid_to", allow_null=True)

    class Meta:
        model = Exemption
        fields = (
            "uuid",
            "status",
            "assignment",
            "workspace",
            "reference_id",
            "resource",
            "asset",
            "category",
            "reason",
            "requested_by",
            "requested_at",
            "approved_by",
            "approved_at",
            "expires_at",
            "ended_at",
            "ended_by",
        )


class ExemptionCreateSerializer(InputSerializer):
    """What asks for an exemption."""

    assignment = serializers.UUIDField()
    workspace = serializers.CharField(max_length=63)
    reference_id = serializers.CharField(max_length=200, allow_blank=True, default="")
    resource = serializers.UUIDField(allow_null=True, default=None)
    asset = serializers.CharField(max_length=250, allow_blank=True, default="")
    category = serializers.ChoiceField(choices=Exemption.Category.choices)
    reason = serializers.CharField(max_length=4_000)
    expires_at = serializers.DateTimeField()
