"""Shapes of reports."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.api.serializers.scans import ProgressSerializer, reason_of
from audits.models import Report, ReportFile
from audits.reports.formats import FORMATS
from core.http.serializers import InputSerializer


class ReportCreateSerializer(InputSerializer):
    """What asks for a report: of a scan, or of a new scan of workspaces."""

    scan = serializers.UUIDField(required=False)
    workspaces = serializers.ListField(
        child=serializers.CharField(max_length=63), max_length=1_000, required=False
    )
    formats = serializers.ListField(
        child=serializers.ChoiceField(choices=list(FORMATS)),
        max_length=len(FORMATS),
        required=False,
        help_text="All of them when left out.",
    )


class ReportFileSerializer(serializers.ModelSerializer[ReportFile]):
    """A file of a report."""

    media_type = serializers.SerializerMethodField()

    class Meta:
        model = ReportFile
        fields = ("format", "media_type", "digest", "size")

    def get_media_type(self, file: ReportFile) -> str:
        """Return what the file is served as."""
        return FORMATS[file.format].media_type


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report as it is answered; it has files once it is completed."""

    scan = serializers.UUIDField(source="scan.uuid")
    status = serializers.ChoiceField(
        choices=("waiting", "queued", "running", "completed", "failed")
    )
    workspaces = serializers.SerializerMethodField()
    requested_by = serializers.CharField(source="requested_by.username", default=None)
    progress = ProgressSerializer(source="task", allow_null=True)
    error = serializers.SerializerMethodField()
    files = ReportFileSerializer(many=True)

    class Meta:
        model = Report
        fields = (
            "uuid",
            "status",
            "scan",
            "workspaces",
            "formats",
            "requested_by",
            "requested_at",
            "completed_at",
            "progress",
            "error",
            "files",
        )

    def get_workspaces(self, report: Report) -> list[str]:
        """Return the slugs of the workspaces that the report covers."""
        return sorted(workspace.slug for workspace in report.scan.workspaces.all())

    def get_error(self, report: Report) -> str | None:
        """Return why the last attempt at the report, or at its scan, failed."""
        return reason_of(report.task.error if report.task else report.scan.task.error)


class DownloadSerializer(serializers.Serializer[Any]):
    """Which file of a report is asked for."""

    format = serializers.ChoiceField(choices=list(FORMATS))
