"""Shapes of assignments and of their enforcement."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.models import Assignment, AssignmentEnforcement, Effect
from policies.models.enforcement import EVERYWHERE


class EnforcementSerializer(serializers.ModelSerializer[AssignmentEnforcement]):
    """From when to when an assignment is enforced, and in what share of its workspaces."""

    set_by = serializers.CharField(source="set_by.username", default=None)

    class Meta:
        model = AssignmentEnforcement
        fields = ("is_enforced", "percent", "valid_from", "valid_to", "set_by", "reason")


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """An assignment as it is answered; the query says which excluded workspaces are shown."""

    scope = serializers.CharField(source="place")
    workspace = serializers.CharField(source="workspace.slug", default=None)
    policy = serializers.CharField(source="policy_version.reference", default=None)
    set = serializers.CharField(source="set_version.reference", default=None)
    excluded = serializers.SlugRelatedField[Any](slug_field="slug", many=True, read_only=True)
    is_enforced = serializers.BooleanField(source="enforcement.is_enforced")
    percent = serializers.IntegerField(source="enforcement.percent")
    parameters = serializers.DictField()
    kinds = serializers.ListField(child=serializers.CharField())
    tags = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    overrides = serializers.DictField(child=serializers.CharField())
    assigned_by = serializers.CharField(source="assigned_by.username", default=None)
    ended_by = serializers.CharField(source="ended_by.username", default=None)

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = (
            "uuid",
            "scope",
            "workspace",
            "policy",
            "set",
            "effect",
            "parameters",
            "overrides",
            "kinds",
            "tags",
            "is_enforced",
            "percent",
            "message",
            "excluded",
            "valid_from",
            "valid_to",
            "assigned_by",
            "ended_by",
        )


class AssignmentDetailSerializer(AssignmentSerializer):
    """An assignment with its enforcement from the beginning."""

    enforcements = EnforcementSerializer(many=True)

    class Meta(AssignmentSerializer.Meta):
        fields = (*AssignmentSerializer.Meta.fields, "enforcements")


class TermsSerializer(InputSerializer):
    """What is assigned, or asked about: ``scope`` is organisation, stage/<stage> or
    workspace/<slug>; ``policy`` or ``set`` is name (pinned to the newest version) or
    name/number."""

    scope = serializers.CharField(max_length=200)
    policy = serializers.CharField(max_length=1_000, default="")
    set = serializers.CharField(max_length=1_000, default="")
    effect = serializers.ChoiceField(choices=Effect.choices)
    parameters = serializers.DictField(default=dict)
    overrides = serializers.DictField(
        child=serializers.ChoiceField(choices=Effect.choices), default=dict
    )
    kinds = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=100, default=list
    )
    tags = serializers.DictField(
        child=serializers.ListField(
            child=serializers.CharField(max_length=500, allow_blank=True), max_length=50
        ),
        default=dict,
    )
    is_enforced = serializers.BooleanField(default=True)
    percent = serializers.IntegerField(min_value=1, max_value=EVERYWHERE, default=EVERYWHERE)
    message = serializers.CharField(max_length=4_000, allow_blank=True, default="")
    excluded = serializers.ListField(
        child=serializers.CharField(max_length=63), max_length=1_000, default=list
    )


class AssignmentCreateSerializer(TermsSerializer):
    """What assigns."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class EnforcementSetSerializer(InputSerializer):
    """What switches enforcement, or rolls it out further."""

    is_enforced = serializers.BooleanField()
    percent = serializers.IntegerField(min_value=1, max_value=EVERYWHERE, default=EVERYWHERE)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ReasonSerializer(InputSerializer):
    """Why something is done."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")
