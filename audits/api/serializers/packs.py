"""Shapes of evidence packs."""

from __future__ import annotations

from rest_framework import serializers

from audits.api.serializers.scans import ProgressSerializer, reason_of
from audits.models import EvidencePack
from audits.models.pack import STATUSES
from audits.services.packs.request import workspaces_of
from core.http.serializers import InputSerializer
from registry.queries.versions import reference_of


class PackCreateSerializer(InputSerializer):
    """What asks for a pack: of a scan, of workspaces, or of a version."""

    scan = serializers.UUIDField(required=False)
    workspaces = serializers.ListField(
        child=serializers.CharField(max_length=63),
        max_length=1_000,
        required=False,
        help_text="Their newest scan as of `as_of`; a new one is made without that.",
    )
    version = serializers.CharField(
        max_length=600, required=False, help_text="A reference: workspace/kind/name/number."
    )
    as_of = serializers.DateTimeField(
        required=False, help_text="For workspaces and versions; a scan has its own time."
    )


class PackSerializer(serializers.ModelSerializer[EvidencePack]):
    """A pack as it is answered; digest, size and contents are null until it is completed."""

    status = serializers.ChoiceField(choices=STATUSES)
    scan = serializers.UUIDField(source="scan.uuid", default=None)
    version = serializers.SerializerMethodField()
    workspaces = serializers.SerializerMethodField()
    requested_by = serializers.CharField(source="requested_by.username", default=None)
    progress = ProgressSerializer(source="task", allow_null=True)
    error = serializers.SerializerMethodField()
    contents = serializers.DictField(child=serializers.IntegerField(), allow_null=True)

    class Meta:
        model = EvidencePack
        fields = (
            "uuid",
            "status",
            "scan",
            "version",
            "workspaces",
            "as_of",
            "requested_by",
            "requested_at",
            "completed_at",
            "progress",
            "error",
            "digest",
            "size",
            "manifest",
            "checkpoint",
            "contents",
        )

    def get_version(self, pack: EvidencePack) -> str | None:
        """Return the reference of the version that the pack is about, if it is about one."""
        return str(reference_of(pack.about)) if pack.about else None

    def get_workspaces(self, pack: EvidencePack) -> list[str]:
        """Return the slugs of the workspaces that the pack covers."""
        return sorted(workspace.slug for workspace in workspaces_of(pack))

    def get_error(self, pack: EvidencePack) -> str | None:
        """Return why the last attempt at the pack, or at its scan, failed."""
        task = pack.task or (pack.scan.task if pack.scan else None)
        return reason_of(task.error) if task else None
