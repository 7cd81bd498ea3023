"""Shapes of versions as documents."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.api.serializers.versions import (
    ArtifactInputSerializer,
    LinkInputSerializer,
    MetricInputSerializer,
    VersionSerializer,
)
from registry.services.versions import IF_SAME

AnyField = serializers.Field[Any, Any, Any, Any]


class TagValueField(serializers.CharField):
    """A text as it stands: a number is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the text; raises ValidationError for anything else."""
        if not isinstance(data, str):
            raise serializers.ValidationError("must be a string")
        return super().to_internal_value(data)


def tags_field() -> serializers.DictField:
    """Return a field of tags by key."""
    return serializers.DictField(child=TagValueField(), default=dict)


class ExportSerializer(InputSerializer):
    """How a document is answered."""

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``as``, which is a word of the language."""
        return {"as": serializers.ChoiceField(choices=["yaml", "json"], default="yaml")}


class ImportSerializer(InputSerializer):
    """Where a document goes, and what about content that is there."""

    workspace = serializers.CharField(max_length=63, default="")
    if_same = serializers.ChoiceField(choices=IF_SAME, default="existing")
    reason = serializers.CharField(max_length=4_000, default="")


class DocumentLinkSerializer(LinkInputSerializer):
    """A link, with the digest that its target must have."""

    digest = serializers.CharField(max_length=100, required=False)


class AboutAssetSerializer(InputSerializer):
    """What stands beside all versions of the asset."""

    description = serializers.CharField(
        max_length=20_000, allow_blank=True, trim_whitespace=False, default=""
    )
    tags = tags_field()


class DocumentCardSerializer(InputSerializer):
    """A card; its status is told, and not taken."""

    status = serializers.CharField(max_length=20, required=False)

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``fields``, which as a class attribute would hide the serializer's own."""
        return {**super().get_fields(), "fields": serializers.DictField()}


class DocumentSerializer(InputSerializer):
    """A version as a document. ``number`` is told, and not taken."""

    workspace = serializers.CharField(max_length=63, required=False)
    kind = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=1_000, trim_whitespace=False)
    number = serializers.IntegerField(required=False)
    digest = serializers.CharField(max_length=100, required=False)
    schema_version = serializers.IntegerField(required=False)
    asset = AboutAssetSerializer(default=dict)
    description = serializers.CharField(
        max_length=20_000, allow_blank=True, trim_whitespace=False, default=""
    )
    tags = tags_field()
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=1_000), max_length=20, default=list
    )
    spec = serializers.DictField()
    links = DocumentLinkSerializer(many=True, default=list)
    metrics = MetricInputSerializer(many=True, default=list)
    artifacts = ArtifactInputSerializer(many=True, default=list)
    card = DocumentCardSerializer(required=False)

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``format``, which REST framework's own renderers read elsewhere."""
        return {"format": serializers.CharField(max_length=100), **super().get_fields()}


class ValidationSerializer(serializers.Serializer[Any]):
    """What registering would make."""

    digest = serializers.CharField()
    schema_version = serializers.IntegerField()
    number = serializers.IntegerField()
    is_new = serializers.BooleanField()


class ImportedSerializer(serializers.Serializer[Any]):
    """What an import made."""

    version = VersionSerializer()
    is_new = serializers.BooleanField()
    aliases_left = serializers.ListField(child=serializers.CharField())
