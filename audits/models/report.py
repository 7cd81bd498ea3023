"""Reports: the rendered files of a scan."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audits.models.scan import DIGEST_LENGTH, Scan
from core.ids import new_uuid
from core.models import Task


class Report(models.Model):
    """A report that somebody asked for. It gets its task once the scan is complete, and its files
    from that task: all of them in one transaction."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="reports")
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
        ]

    def __str__(self) -> str:
        return f"report of {self.scan}"

    @property
    def status(self) -> str:
        """Return waiting (for the scan), queued, running, completed or failed; the tasks of the
        report and of its scan must be loaded."""
        if self.completed_at:
            return "completed"
        if self.task is not None:
            return self.task.state
        return "failed" if self.scan.status == "failed" else "waiting"


class ReportFile(models.Model):
    """One format of a report. It lies in the database: its bytes commit with the journal entry
    that names their digest, and any web process can serve them."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=10)
    digest = models.CharField(max_length=DIGEST_LENGTH)
    size = models.PositiveBigIntegerField()
    body = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["report", "format"], name="one_file_per_format"),
        ]

    def __str__(self) -> str:
        return self.format
