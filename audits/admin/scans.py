"""Scans and reports as rows; console pages start and ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join
from unfold.decorators import display

from audits.models import Report, Scan
from audits.queries.scope import visible_reports, visible_scans
from registry.admin.mixin import WorkspaceScopedAdmin, actor_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

STATUSES = {"completed": "success", "failed": "danger", "running": "info", "queued": "info"}


class ScanScopedAdmin(WorkspaceScopedAdmin):
    """Base of what a scan brought: it is shown to who may scan every workspace in it."""

    def visible(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the user may see."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the user may see."""
        return self.visible(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the user may see the list, or that very row."""
        if not request.user.is_active:
            return False
        return obj is None or self.visible(request).filter(pk=obj.pk).exists()


@admin.register(Scan)
class ScanAdmin(ScanScopedAdmin):
    """What every assigned policy said about every subject at one time."""

    list_display = ("as_of", "scope", "status_label", "outcome", "requested_by", "completed_at")
    list_filter = ("scope",)
    ordering = ("-id",)
    fields = (
        "uuid",
        "scope",
        "covered",
        "status_label",
        "outcome",
        "as_of",
        "completed_at",
        "requested_by",
        "digest",
        "journal_head",
    )
    readonly_fields = ("uuid", "covered", "status_label", "outcome")

    def visible(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the scans that the user may see."""
        return visible_scans(actor_of(request))

    @display(description="Status", label=STATUSES)
    def status_label(self, scan: Scan) -> str:
        """Return the status."""
        return scan.status

    @display(description="Results")
    def outcome(self, scan: Scan) -> str:
        """Return how many results are in each state."""
        counts: dict[str, Any] = scan.counts or {}
        states = counts.get("states", counts)
        return ", ".join(
            f"{number} {state.replace('_', ' ')}" for state, number in states.items() if number
        )

    @display(description="Workspaces")
    def covered(self, scan: Scan) -> str:
        """Return the workspaces in its scope."""
        return ", ".join(sorted(workspace.slug for workspace in scan.workspaces.all()))


@admin.register(Report)
class ReportAdmin(ScanScopedAdmin):
    """Reports, with their files."""

    list_display = ("requested_at", "scan", "status_label", "requested_by", "files_there")
    ordering = ("-id",)
    fields = ("uuid", "scan", "status_label", "requested_by", "requested_at", "files_there")
    readonly_fields = ("uuid", "status_label", "files_there")

    def visible(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the reports that the user may see."""
        return visible_reports(actor_of(request))

    @display(description="Status", label=STATUSES)
    def status_label(self, report: Report) -> str:
        """Return the status."""
        return report.status

    @display(description="Download")
    def files_there(self, report: Report) -> str:
        """Return the way to each file."""
        address = reverse("report-download", args=[report.uuid])
        files = sorted(report.files.all(), key=lambda file: file.format)
        return format_html_join(
            " · ",
            '<a class="text-link" href="{}?format={}">{}</a>',
            ((address, file.format, file.format.upper()) for file in files),
        )
