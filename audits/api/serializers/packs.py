"""Shapes of evidence packs."""

from __future__ import annotations

from rest_framework import serializers

from audits.api.serializers.reports import BasisSerializer
from audits.api.serializers.scans import ProgressSerializer, reason_of
from audits.models import EvidencePack
from audits.models.pack import STATUSES
from registry.queries.versions import reference_of


class PackCreateSerializer(BasisSerializer):
    """What asks for a pack: of a scan, of workspaces or the organisation, or of a version."""


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
            "framework",
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
        return sorted(workspace.slug for workspace in pack.workspaces.all())

    def get_error(self, pack: EvidencePack) -> str | None:
        """Return why the last attempt at the pack, or at its scan, failed."""
        task = pack.task or (pack.scan.task if pack.scan else None)
        return reason_of(task.error) if task else None
