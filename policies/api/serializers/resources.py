"""Shapes of configured resources and their snapshots."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.models import Provenance, Resource, Snapshot
from policies.models.resource import MAX_EXTERNAL_ID, MAX_SOURCE, MAX_TYPE
from policies.normalisers import FORMS, NATIVE


class ResourceSerializer(serializers.ModelSerializer[Resource]):
    """A resource as it is answered."""

    workspace = serializers.CharField(source="workspace.slug")

    class Meta:
        model = Resource
        fields = ("uuid", "workspace", "source", "type", "external_id", "created_at", "retired_at")


class SnapshotSerializer(serializers.ModelSerializer[Snapshot]):
    """A snapshot as lists answer it."""

    workspace = serializers.CharField(source="resource.workspace.slug")
    resource = serializers.UUIDField(source="resource.uuid")
    type = serializers.CharField(source="resource.type")
    external_id = serializers.CharField(source="resource.external_id")
    source_digest = serializers.CharField(source="source_document_id", default=None)
    submitted_by = serializers.CharField(source="submitted_by.username", default=None)

    class Meta:
        model = Snapshot
        fields: tuple[str, ...] = (
            "uuid",
            "workspace",
            "resource",
            "type",
            "external_id",
            "digest",
            "format",
            "source_digest",
            "provenance",
            "observed_at",
            "submitted_at",
            "submitted_by",
        )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        source = serializers.CharField(source="resource.source")
        return {**super().get_fields(), "source": source}


class SnapshotDetailSerializer(SnapshotSerializer):
    """A snapshot with its document, and what its form told of each path."""

    document = serializers.JSONField()
    told = serializers.JSONField(source="fields", allow_null=True)

    class Meta(SnapshotSerializer.Meta):
        fields = (*SnapshotSerializer.Meta.fields, "document", "told")


class SnapshotCreateSerializer(InputSerializer):
    """What submits a snapshot."""

    workspace = serializers.CharField(max_length=63)
    type = serializers.CharField(max_length=MAX_TYPE, trim_whitespace=False, default="")
    external_id = serializers.CharField(
        max_length=MAX_EXTERNAL_ID, trim_whitespace=False, default=""
    )
    module = serializers.CharField(max_length=200, default="")
    format = serializers.ChoiceField(choices=list(FORMS), default=NATIVE)
    document = serializers.DictField()
    provenance = serializers.ChoiceField(choices=Provenance.choices, default=Provenance.DECLARED)
    observed_at = serializers.DateTimeField(allow_null=True, default=None)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        source = serializers.CharField(max_length=MAX_SOURCE, trim_whitespace=False, default="")
        return {**super().get_fields(), "source": source}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A document that is taken as it is does not say what it is about."""
        if attrs["format"] == NATIVE:
            missing = [name for name in ("source", "type", "external_id") if not attrs[name]]
            if missing:
                raise serializers.ValidationError(dict.fromkeys(missing, "This field is required."))
            attrs.pop("module")
        return attrs
