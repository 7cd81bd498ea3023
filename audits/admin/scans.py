"""Scans, and the reports made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html_join
from unfold.decorators import action, display

from audits.models import Report, Scan
from audits.queries.scope import visible_reports, visible_scans
from audits.services import reports, scans
from audits.services.report_bases import Asked
from registry import access
from registry.admin import operations
from registry.admin.mixin import WorkspaceScopedAdmin, actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

STATUSES = {"completed": "success", "failed": "danger", "running": "info", "queued": "info"}
OFFERED = 50


class ReportForm(forms.Form):
    """Of which scan."""

    scan = operations.choice("Scan", help_text="Only complete scans can be reported on.")


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

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Tell whether there is a workspace that the user may scan."""
        reach = access.visible_workspaces(actor_of(request), permission=Permission.RUN_SCAN)
        return reach.exists()


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
    actions_list = ("start",)

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

    @action(description="Start a scan", url_path="start", icon="radar", permissions=["run"])
    def start(self, request: HttpRequest) -> HttpResponse:
        """Start a scan of every workspace that the user may scan."""
        back = reverse("admin:audits_scan_changelist")

        def call(data: dict[str, Any]) -> tuple[int, str]:
            scan = scans.start(actor=actor_of(request))
            return messages.SUCCESS, f"Started: {scan}. The worker does it in the background."

        operation = operations.Operation(
            "Start a scan",
            "Start",
            call,
            back=back,
            cancel=back,
            intro="It covers every workspace in which you may run scans.",
        )
        form = forms.Form(request.POST if request.method == "POST" else None)
        return operations.answer(request, operation, form, site=self.admin_site)


@admin.register(Report)
class ReportAdmin(ScanScopedAdmin):
    """Reports, with their files."""

    list_display = ("requested_at", "scan", "status_label", "requested_by", "files_there")
    ordering = ("-id",)
    fields = ("uuid", "scan", "status_label", "requested_by", "requested_at", "files_there")
    readonly_fields = ("uuid", "status_label", "files_there")
    actions_list = ("make",)

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

    @action(description="Make a report", url_path="make", icon="description", permissions=["run"])
    def make(self, request: HttpRequest) -> HttpResponse:
        """Ask for the report of a scan."""
        back = reverse("admin:audits_report_changelist")
        actor = actor_of(request)

        def call(data: dict[str, Any]) -> tuple[int, str]:
            reports.request(actor=actor, asked=Asked(scan=UUID(data["scan"])))
            return messages.SUCCESS, "Asked for: the worker writes it in the background."

        form = ReportForm(request.POST or None)
        done = visible_scans(actor).exclude(completed_at=None).order_by("-id")[:OFFERED]
        form.fields["scan"].choices = [(str(scan.uuid), str(scan)) for scan in done]  # type: ignore[attr-defined]
        operation = operations.Operation(
            "Make a report",
            "Make report",
            call,
            back=back,
            cancel=back,
            intro="What the scan found, with every subject, exception and digest.",
        )
        return operations.answer(request, operation, form, site=self.admin_site)
