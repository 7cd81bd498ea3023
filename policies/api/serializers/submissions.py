"""Shapes of documents with configurations, what became of them, and differences."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from policies.api.serializers.resources import SnapshotSerializer
from policies.models import Provenance
from policies.models.resource import MAX_EXTERNAL_ID, MAX_SOURCE, MAX_TYPE
from policies.normalisers import FORMS

FORM_CHOICES = [(form.name, form.title) for form in FORMS.values()]


class ConfigurationUploadSerializer(InputSerializer):
    """What is said beside an uploaded document."""

    workspace = serializers.CharField(max_length=63)
    format = serializers.ChoiceField(choices=FORM_CHOICES)
    type = serializers.CharField(max_length=MAX_TYPE, default="", allow_blank=True)
    external_id = serializers.CharField(max_length=MAX_EXTERNAL_ID, default="", allow_blank=True)
    module = serializers.CharField(max_length=200, default="", allow_blank=True)
    provenance = serializers.ChoiceField(choices=Provenance.choices, default="", allow_blank=True)
    observed_at = serializers.DateTimeField(allow_null=True, default=None)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``source``, which as a class attribute would hide a field's own."""
        source = serializers.CharField(max_length=MAX_SOURCE, default="", allow_blank=True)
        return {**super().get_fields(), "source": source}


class AgainstSerializer(InputSerializer):
    """Which snapshot another is compared with."""

    against = serializers.UUIDField(allow_null=True, default=None)


class DocumentFormSerializer(serializers.Serializer[Any]):
    """A form of documents."""

    name = serializers.CharField()
    title = serializers.CharField()
    provenance = serializers.CharField()


class RefusedSerializer(serializers.Serializer[Any]):
    """A resource that was not recorded."""

    type = serializers.CharField()
    external_id = serializers.CharField()
    reason = serializers.CharField()


class SkippedSerializer(serializers.Serializer[Any]):
    """A part of the document that is no resource here."""

    name = serializers.CharField()
    reason = serializers.CharField()


class SubmissionSerializer(serializers.Serializer[Any]):
    """What became of a document."""

    source_digest = serializers.CharField(source="source_document.digest")
    is_redacted = serializers.BooleanField(source="source_document.is_redacted")
    snapshots = SnapshotSerializer(many=True)
    notes = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    refused = RefusedSerializer(many=True)
    skipped = SkippedSerializer(many=True)


class ConfigurationChangeSerializer(serializers.Serializer[Any]):
    """A value that is another one now."""

    path = serializers.CharField()
    kind = serializers.ChoiceField(choices=["added", "removed", "changed"])
    before = serializers.JSONField()
    after = serializers.JSONField()


class TellingChangeSerializer(serializers.Serializer[Any]):
    """A path of which was told otherwise before."""

    path = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class SnapshotDifferenceSerializer(serializers.Serializer[Any]):
    """What is different between two snapshots."""

    before = serializers.UUIDField(source="before.uuid")
    after = serializers.UUIDField(source="after.uuid")
    changes = ConfigurationChangeSerializer(many=True)
    told = TellingChangeSerializer(many=True, source="fields")
    is_cut = serializers.BooleanField()
