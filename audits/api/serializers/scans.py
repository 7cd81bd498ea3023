"""Shapes of scans, their results and findings."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.models import Scan, ScanResult
from core.http.serializers import InputSerializer


class ScanCreateSerializer(InputSerializer):
    """What starts a scan; without workspaces it covers all that the caller may scan."""

    workspaces = serializers.ListField(
        child=serializers.CharField(max_length=63),
        max_length=1_000,
        required=False,
        help_text="Slugs of workspaces.",
    )


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the work is, in workspaces."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()
    message = serializers.CharField()


class ScanSerializer(serializers.ModelSerializer[Scan]):
    """A scan as it is answered; counts and digest are null until it is complete."""

    status = serializers.ChoiceField(choices=("queued", "running", "completed", "failed"))
    workspaces = serializers.SerializerMethodField()
    progress = ProgressSerializer(source="task")
    error = serializers.SerializerMethodField()
    requested_by = serializers.CharField(source="requested_by.username", default=None)

    class Meta:
        model = Scan
        fields = (
            "uuid",
            "status",
            "scope",
            "workspaces",
            "as_of",
            "completed_at",
            "requested_by",
            "progress",
            "error",
            "counts",
            "tools",
            "digest",
            "journal_head",
        )

    def get_workspaces(self, scan: Scan) -> list[str]:
        """Return the slugs of the workspaces in scope."""
        return sorted(workspace.slug for workspace in scan.workspaces.all())

    def get_error(self, scan: Scan) -> str | None:
        """Return why the last attempt failed."""
        return reason_of(scan.task.error)


def reason_of(error: str) -> str | None:
    """Return the last line of a task's error, which of a traceback is the part for callers."""
    lines = error.strip().splitlines()
    return lines[-1] if lines else None


class ReasonSerializer(serializers.Serializer[Any]):
    """Where in the document, and why."""

    path = serializers.CharField()
    msg = serializers.CharField()


class ScanResultSerializer(serializers.ModelSerializer[ScanResult]):
    """One policy on one subject; ``underlying`` is the state that an exemption covers."""

    workspace = serializers.CharField(source="workspace.slug")
    policy = serializers.CharField(source="policy_version.reference")
    title = serializers.CharField(source="policy_version.title")
    assignment = serializers.UUIDField(source="assignment.uuid")
    effect = serializers.CharField(source="assignment.effect")
    resource = serializers.UUIDField(source="resource.uuid", default=None)
    decision = serializers.UUIDField(source="decision.uuid")
    exemption = serializers.UUIDField(source="exemption.uuid", default=None)
    reasons = ReasonSerializer(many=True)

    class Meta:
        model = ScanResult
        fields = (
            "identity",
            "workspace",
            "policy",
            "title",
            "severity",
            "assignment",
            "reference_id",
            "effect",
            "subject",
            "resource",
            "state",
            "underlying",
            "exemption",
            "decision",
            "reasons",
        )
