"""Shapes of requests for access, and of the steps from the catalogue to something of one's own."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.api.serializers.life import ReasonField
from registry.api.serializers.versions import VersionCreateSerializer
from registry.models import AccessRequest
from registry.permissions import Role


class AccessRequestSerializer(serializers.ModelSerializer[AccessRequest]):
    """A request for a role as it is answered."""

    workspace = serializers.CharField(source="workspace.slug")
    asset = serializers.UUIDField(source="asset.uuid", default=None)
    requested_by = serializers.CharField(source="requested_by.username")
    role = serializers.CharField()
    status = serializers.CharField()
    decided_by = serializers.CharField(source="decided_by.username", default=None)

    class Meta:
        model = AccessRequest
        fields = (
            "uuid",
            "workspace",
            "asset",
            "requested_by",
            "role",
            "reason",
            "requested_at",
            "status",
            "decided_by",
            "decided_at",
            "decision_reason",
        )


class AccessRequestCreateSerializer(InputSerializer):
    """What asks for a role: a workspace, or something in it."""

    workspace = serializers.CharField(max_length=63, default="")
    asset = serializers.CharField(max_length=1_000, required=False, help_text="id or reference")
    role = serializers.CharField(max_length=10, default=Role.READER.value)
    reason = ReasonField()


class AccessDecisionSerializer(InputSerializer):
    """Why it is granted or declined."""

    reason = ReasonField()


class NothingSerializer(InputSerializer):
    """An empty body."""


class DeriveSerializer(InputSerializer):
    """What makes a version from another; ``spec`` is a merge patch (RFC 7396)."""

    role = serializers.CharField(max_length=20)
    workspace = serializers.CharField(max_length=63, default="")
    name = serializers.CharField(max_length=1_000, default="", trim_whitespace=False)
    spec = serializers.JSONField(default=dict)
    reason = ReasonField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add what registering takes too."""
        shared = VersionCreateSerializer().get_fields()
        added = {name: shared[name] for name in ("artifacts", "aliases")}
        return {**super().get_fields(), **added}

    def validate_spec(self, spec: Any) -> dict[str, Any]:
        """Return the patch, which must be an object."""
        if not isinstance(spec, dict):
            raise serializers.ValidationError("must be a JSON object")
        return spec


class DeploySerializer(InputSerializer):
    """What makes a deployment of one version."""

    name = serializers.CharField(max_length=200)
    workspace = serializers.CharField(max_length=63, default="")
    configuration = serializers.JSONField(default=dict)
    endpoint = serializers.CharField(max_length=2_000, default="", allow_blank=True)
    reason = ReasonField()
