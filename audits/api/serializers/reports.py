"""Shapes of reports."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.api.serializers.scans import ProgressSerializer, reason_of
from audits.models import Report, ReportFile
from audits.models.report import MAX_FRAMEWORK
from audits.reports.offered import NAMES, form_of
from audits.services.report_bases import Asked
from core.http.serializers import InputSerializer
from registry.models import AssetVersion
from registry.queries.versions import reference_of


class BasisSerializer(InputSerializer):
    """What a report or a pack is to rest on: a scan, workspaces, the organisation or a version."""

    scan = serializers.UUIDField(required=False)
    workspaces = serializers.ListField(
        child=serializers.CharField(max_length=63),
        max_length=1_000,
        required=False,
        help_text="Slugs. They are scanned anew, unless `as_of` asks for an earlier scan.",
    )
    organisation = serializers.BooleanField(
        required=False, help_text="True for every workspace; for administrators."
    )
    version = serializers.CharField(
        max_length=1_000,
        required=False,
        help_text="A reference: it is of this version and what it is made of.",
    )
    as_of = serializers.DateTimeField(
        required=False, help_text="Rests on the newest complete scan by then."
    )
    framework = serializers.CharField(
        max_length=MAX_FRAMEWORK, required=False, help_text="Only the controls of this one."
    )

    def asked(self) -> Asked:
        """Return what is asked for."""
        values = self.validated_data
        return Asked(
            scan=values.get("scan"),
            workspaces=values.get("workspaces"),
            is_organisation=values.get("organisation", False),
            version=values.get("version"),
            as_of=values.get("as_of"),
            framework=values.get("framework", ""),
        )


class ReportCreateSerializer(BasisSerializer):
    """What asks for a report: of a scan, of workspaces or the organisation, or of a version."""

    formats = serializers.ListField(
        child=serializers.ChoiceField(choices=list(NAMES)),
        max_length=len(NAMES),
        required=False,
        help_text="What every installation can render when left out.",
    )


class ReportFileSerializer(serializers.ModelSerializer[ReportFile]):
    """A file of a report."""

    media_type = serializers.SerializerMethodField()

    class Meta:
        model = ReportFile
        fields = ("format", "media_type", "digest", "size")

    def get_media_type(self, file: ReportFile) -> str:
        """Return what the file is served as."""
        return form_of(file.format).media_type


class ReportSubjectSerializer(serializers.Serializer[Any]):
    """The version that a report is about."""

    ref = serializers.SerializerMethodField()
    uuid = serializers.UUIDField()
    digest = serializers.CharField()

    def get_ref(self, version: AssetVersion) -> str:
        """Return its reference."""
        return str(reference_of(version))


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report as it is answered; it has files once it is completed."""

    scan = serializers.UUIDField(source="scan.uuid", default=None, allow_null=True)
    version = ReportSubjectSerializer(source="about", allow_null=True)
    as_of = serializers.DateTimeField(source="moment")
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
            "version",
            "as_of",
            "framework",
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
        return sorted(workspace.slug for workspace in report.workspaces.all())

    def get_error(self, report: Report) -> str | None:
        """Return why the last attempt at the report, or at its scan, failed."""
        task = report.task or (report.scan.task if report.scan else None)
        return reason_of(task.error) if task else None


class DownloadSerializer(serializers.Serializer[Any]):
    """Which file of a report is asked for."""

    format = serializers.ChoiceField(choices=list(NAMES))
