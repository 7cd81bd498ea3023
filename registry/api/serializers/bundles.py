"""Shapes of bundles on their way out and in."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from core.models import Task
from registry.queries.transfers import VERBS

INTERNAL = {"key"}


class TransferSerializer(serializers.ModelSerializer[Task]):
    """An export, an import or a check: how far it is, and what came of it."""

    verb = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = (
            "uuid",
            "verb",
            "state",
            "done",
            "message",
            "error",
            "result",
            "created_at",
            "finished_at",
        )

    def get_verb(self, task: Task) -> str:
        """Return what was asked for: export, import or verify."""
        return VERBS[task.name]

    def get_result(self, task: Task) -> dict[str, Any] | None:
        """Return what came of it, without where the store keeps it."""
        if task.result is None:
            return None
        return {name: value for name, value in task.result.items() if name not in INTERNAL}


class ExportRequestSerializer(InputSerializer):
    """The version whose bundle is wanted."""

    version = serializers.CharField(max_length=1_000, help_text="reference by number or alias")


class ImportRequestSerializer(InputSerializer):
    """The upload that holds the bundle; it is registered in the workspace of the upload."""

    upload = serializers.UUIDField()
    verify_only = serializers.BooleanField(default=False)


class BundleKeySerializer(serializers.Serializer[Any]):
    """The key that signs this installation's bundles."""

    fingerprint = serializers.CharField()
    pem = serializers.CharField()
