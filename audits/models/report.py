"""Reports: what was asked for, and the rendered files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from audits.models.scan import DIGEST_LENGTH, Scan
from core.ids import new_uuid
from core.models import Task
from registry.models import AssetVersion, Blob, Workspace

if TYPE_CHECKING:
    from datetime import datetime

MAX_FORMAT = 40
MAX_FRAMEWORK = 100


class Report(models.Model):
    """A report that somebody asked for. What it rests on is fixed then: a scan, or a version with
    the scan that covers its workspace where there is one. It gets its task once the scan is
    complete, and its files from that task, one after the other.

    ``as_of`` is the time that was asked for, null where the scan's own time is meant.
    ``framework`` limits it to the controls of one.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="reports")
    about = models.ForeignKey(
        AssetVersion, null=True, on_delete=models.PROTECT, related_name="reports"
    )
    as_of = models.DateTimeField(null=True)
    framework = models.CharField(max_length=MAX_FRAMEWORK, blank=True)
    workspaces = models.ManyToManyField(
        Workspace, through="ReportWorkspace", related_name="reports"
    )
    formats = models.JSONField()
    requested_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="reports"
    )
    requested_at = models.DateTimeField()
    task = models.OneToOneField(Task, null=True, on_delete=models.PROTECT, related_name="report")
    completed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(task__isnull=False),
                name="report_made_by_a_task",
            ),
            models.CheckConstraint(
                condition=Q(scan__isnull=False, about__isnull=True)
                | Q(about__isnull=False, as_of__isnull=False),
                name="report_rests_on_a_scan_or_version",
            ),
        ]

    def __str__(self) -> str:
        return f"report of {self.about or self.scan}"

    @property
    def moment(self) -> datetime:
        """Return the time whose state it tells; the scan must be loaded."""
        if self.as_of is not None:
            return self.as_of
        assert self.scan is not None  # by report_rests_on_a_scan_or_version
        return self.scan.as_of

    @property
    def status(self) -> str:
        """Return waiting (for the scan), queued, running, completed or failed; the tasks of the
        report and of its scan must be loaded."""
        if self.completed_at:
            return "completed"
        if self.task is not None:
            return self.task.state
        return "failed" if self.scan is not None and self.scan.status == "failed" else "waiting"


class ReportWorkspace(models.Model):
    """A workspace that a report covers: who may scan all of them may have it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="units")
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="report_units")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["report", "workspace"], name="one_report_unit_per_workspace"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workspace} in {self.report_id}"


class ReportFile(models.Model):
    """One format of a report. Its bytes are there before the journal entry that names their digest,
    and any web process can serve them: small ones in ``body``, others in the store."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=MAX_FORMAT)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    size = models.PositiveBigIntegerField()
    body = models.BinaryField(null=True)
    blob = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="report_files")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["report", "format"], name="one_file_per_format"),
            models.CheckConstraint(
                condition=Q(body__isnull=False, blob__isnull=True)
                | Q(body__isnull=True, blob__isnull=False),
                name="report_file_lies_in_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.format
