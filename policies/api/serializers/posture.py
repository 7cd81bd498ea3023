"""Shapes of the posture of a workspace."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer


class PostureQuerySerializer(InputSerializer):
    """Of which workspace, and as of when: now unless given."""

    workspace = serializers.CharField(max_length=63)
    at = serializers.DateTimeField(default=None, allow_null=True)


class PostureLineSerializer(serializers.Serializer[Any]):
    """A rule and a subject; ``state`` counts, ``policy_state`` is the policy's own."""

    assignment = serializers.UUIDField(source="rule.assignment.uuid")
    reference_id = serializers.CharField(source="rule.reference_id")
    policy = serializers.CharField(source="rule.policy_version.reference")
    title = serializers.CharField(source="rule.policy_version.title")
    severity = serializers.CharField(source="rule.policy_version.severity")
    effect = serializers.CharField(source="rule.effect.value")
    is_enforced = serializers.BooleanField(source="rule.is_enforced")
    subject = serializers.CharField()
    state = serializers.CharField()
    policy_state = serializers.CharField(source="underlying")
    gate = serializers.CharField()
    decision = serializers.UUIDField(source="decision.uuid", default=None)
    evaluated_at = serializers.DateTimeField(source="decision.evaluated_at", default=None)
    exemption = serializers.UUIDField(source="exemption.uuid", default=None)
    attestation = serializers.UUIDField(source="attestation.uuid", default=None)


class PostureSerializer(serializers.Serializer[Any]):
    """The posture of a workspace as of a time, the worst first; ``gate`` is what the gates would
    make of the configurations."""

    workspace = serializers.CharField(source="workspace.slug")
    at = serializers.DateTimeField()
    gate = serializers.CharField()
    states = serializers.DictField(child=serializers.IntegerField())
    results = PostureLineSerializer(source="lines", many=True)
