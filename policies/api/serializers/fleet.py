"""Shapes of registered OPAs and of what they tell."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.models import FleetDecision, Opa, OpaChange, OpaInstance
from policies.models.fleet import MAX_OPA_NAME
from policies.queries.fleet import is_stale


class OpaInstanceSerializer(serializers.ModelSerializer[OpaInstance]):
    """One running process; ``dropped`` counts decisions that it lost since it started."""

    is_stale = serializers.SerializerMethodField()

    class Meta:
        model = OpaInstance
        fields = (
            "instance_id",
            "version",
            "labels",
            "revision",
            "problems",
            "dropped",
            "is_stale",
            "first_seen_at",
            "last_status_at",
            "last_logs_at",
        )

    def get_is_stale(self, instance: OpaInstance) -> bool:
        """Return whether it has told nothing for too long."""
        return is_stale(instance)


class OpaSerializer(serializers.ModelSerializer[Opa]):
    """A registered OPA; without ``sources`` it pulls what is assigned in its workspace."""

    workspace = serializers.CharField(source="workspace.slug")
    sources = serializers.SerializerMethodField()
    instances = OpaInstanceSerializer(many=True)
    registered_by = serializers.CharField(source="registered_by.username", default=None)

    class Meta:
        model = Opa
        fields: tuple[str, ...] = (
            "uuid",
            "name",
            "workspace",
            "labels",
            "sources",
            "masks",
            "is_signed",
            "instances",
            "registered_at",
            "registered_by",
            "retired_at",
        )

    def get_sources(self, opa: Any) -> list[str]:
        """Return what it pulls now, by reference."""
        return [each.reference for each in opa.pulled]


class OpaTokenSerializer(OpaSerializer):
    """An OPA with a new token, which is answered this once."""

    token = serializers.SerializerMethodField()

    class Meta(OpaSerializer.Meta):
        fields = (*OpaSerializer.Meta.fields, "token")

    def get_token(self, opa: Opa) -> str:
        """Return the text of the token."""
        token: str = self.context["token"]
        return token


class OpaCreateSerializer(InputSerializer):
    """What registers an OPA."""

    name = serializers.CharField(max_length=MAX_OPA_NAME)
    workspace = serializers.CharField(max_length=63)
    labels = serializers.DictField(child=serializers.CharField(), default=dict)
    sources = serializers.ListField(child=serializers.CharField(max_length=300), default=list)
    masks = serializers.ListField(child=serializers.CharField(max_length=300), default=list)
    is_signed = serializers.BooleanField(default=True)
    expires_at = serializers.DateTimeField(allow_null=True, default=None)
    reason = serializers.CharField(max_length=4000, allow_blank=True, default="")


class OpaSourcesSerializer(InputSerializer):
    """What an OPA is to pull instead."""

    sources = serializers.ListField(child=serializers.CharField(max_length=300))
    reason = serializers.CharField(max_length=4000, allow_blank=True, default="")


class OpaMasksSerializer(InputSerializer):
    """What an OPA is to take out of its decisions instead, as JSON Pointers."""

    masks = serializers.ListField(child=serializers.CharField(max_length=300))
    reason = serializers.CharField(max_length=4000, allow_blank=True, default="")


class OpaIssueSerializer(InputSerializer):
    """What asks for one more token."""

    expires_at = serializers.DateTimeField(allow_null=True, default=None)


class OpaConfigurationSerializer(serializers.Serializer[Any]):
    """What a person starts an OPA with, and what that OPA discovers."""

    start = serializers.JSONField()
    discovered = serializers.JSONField()


class OpaChangeSerializer(serializers.ModelSerializer[OpaChange]):
    """A change of status; ``lost`` decisions are missing between the two statuses."""

    opa = serializers.CharField(source="instance.opa.name")
    instance_id = serializers.CharField(source="instance.instance_id")

    class Meta:
        model = OpaChange
        fields = (
            "uuid",
            "opa",
            "instance_id",
            "revision",
            "problems",
            "lost",
            "previous_status_at",
            "told_at",
        )


class FleetDecisionSerializer(serializers.ModelSerializer[FleetDecision]):
    """A decision of an OPA of elsewhere, as lists answer it."""

    opa = serializers.CharField(source="opa.name")
    workspace = serializers.CharField(source="opa.workspace.slug")

    class Meta:
        model = FleetDecision
        fields: tuple[str, ...] = (
            "uuid",
            "opa",
            "workspace",
            "decision_id",
            "instance_id",
            "path",
            "revision",
            "state",
            "redacted",
            "digest",
            "decided_at",
            "received_at",
        )


class FleetDecisionDetailSerializer(FleetDecisionSerializer):
    """A decision with its whole event, without what looked like secrets."""

    event = serializers.JSONField()

    class Meta(FleetDecisionSerializer.Meta):
        fields = (*FleetDecisionSerializer.Meta.fields, "event")
