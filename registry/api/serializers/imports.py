"""Shapes of imports."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from core.models import Task
from registry.services.imports.orders import FORMATS, MODES

AnyField = serializers.Field[Any, Any, Any, Any]


class ToldSerializer(InputSerializer):
    """What a folder of Hugging Face cannot say itself."""

    repository = serializers.CharField(max_length=300, required=False)
    revision = serializers.CharField(max_length=200, required=False)
    kind = serializers.ChoiceField(choices=("model", "dataset"), required=False)
    name = serializers.CharField(max_length=1_000, trim_whitespace=False, required=False)
    personal_data = serializers.BooleanField(required=False)


class ImportCreateSerializer(InputSerializer):
    """What is to be imported, and how. ``content`` is a text, or for ``json`` the list itself."""

    workspace = serializers.CharField(max_length=63)
    content = serializers.JSONField(required=False)
    files = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), default=dict
    )
    told = ToldSerializer(default=dict)
    links = serializers.DictField(child=serializers.CharField(max_length=1_000), default=dict)
    mode = serializers.ChoiceField(choices=MODES, default="all")
    dry_run = serializers.BooleanField(default=False)
    move_aliases = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``format`` and ``source``, which mean something else on every serializer."""
        return {
            "format": serializers.ChoiceField(choices=FORMATS),
            "source": serializers.CharField(max_length=500, allow_blank=True, default=""),
            **super().get_fields(),
        }


class ImportProblemSerializer(serializers.Serializer[Any]):
    """What is wrong with a field of an entry."""

    def get_fields(self) -> dict[str, AnyField]:
        """Return the fields; one is called like a member of every serializer."""
        return {"field": serializers.CharField(), "reason": serializers.CharField()}


class ImportRowSerializer(serializers.Serializer[Any]):
    """What became of one entry; see ``services.imports.rows.Outcome``."""

    place = serializers.CharField()
    outcome = serializers.CharField()
    ref = serializers.CharField()
    name = serializers.CharField()
    follows = serializers.CharField()
    kept = serializers.ListField(child=serializers.CharField())
    aliases = serializers.ListField(child=serializers.CharField())
    aliases_left = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    problems = ImportProblemSerializer(many=True)


class ImportReportSerializer(serializers.Serializer[Any]):
    """What became of an import."""

    workspace = serializers.CharField()
    mode = serializers.CharField()
    digest = serializers.CharField()
    is_dry_run = serializers.BooleanField()
    is_applied = serializers.BooleanField()
    total = serializers.IntegerField()
    created = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    failed = serializers.IntegerField()
    rows = ImportRowSerializer(many=True)

    def get_fields(self) -> dict[str, AnyField]:
        """Add ``format``."""
        return {"format": serializers.CharField(), **super().get_fields()}


class ImportSummarySerializer(serializers.ModelSerializer[Task]):
    """An import in the background: how far it is."""

    requested_by = serializers.CharField(source="requested_by.username", default=None)
    format = serializers.CharField(source="payload.order.format")
    workspace = serializers.CharField(source="payload.order.workspace")

    class Meta:
        model = Task
        fields: tuple[str, ...] = (
            "uuid",
            "format",
            "workspace",
            "source",
            "state",
            "done",
            "total",
            "error",
            "requested_by",
            "created_at",
            "finished_at",
        )

    def build_field(
        self, field_name: str, info: Any, model_class: Any, nested_depth: int
    ) -> tuple[Any, dict[str, Any]]:
        """Return the field of ``source``, which as a class attribute would hide another one."""
        if field_name == "source":
            return serializers.CharField, {"source": "payload.order.source", "read_only": True}
        return super().build_field(field_name, info, model_class, nested_depth)


class ImportDetailSerializer(ImportSummarySerializer):
    """An import in the background, with its report once it is done."""

    report = ImportReportSerializer(source="result", allow_null=True, default=None)

    class Meta(ImportSummarySerializer.Meta):
        fields = (*ImportSummarySerializer.Meta.fields, "report")
