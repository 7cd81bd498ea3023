"""Scans, findings, reports and the trail. Reports and exports come over the REST API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import action, display

from audits import trail
from audits.models import Finding, Report, Scan
from audits.queries.scope import visible_findings, visible_reports, visible_scans
from audits.services import reports, scans
from core.journal import decode, is_authentic
from core.models import JournalEntry
from core.naming import brief
from registry import access
from registry.admin import operations
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin, actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

STATES = {"open": "danger", "exempt": "warning", "resolved": "success"}
SEVERITIES = {"low": "info", "medium": "warning", "high": "danger", "critical": "danger"}
STATUSES = {"completed": "success", "failed": "danger", "running": "info", "queued": "info"}


OUTCOMES = {"success": "success", "refused": "danger", "denied": "danger"}
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


@admin.register(Finding)
class FindingAdmin(WorkspaceScopedAdmin):
    """What fails a policy, followed from scan to scan."""

    list_display = (
        "title",
        "about",
        "severity_label",
        "state_label",
        "workspace",
        "first_seen_at",
        "regressions",
    )
    list_filter = ("state", "severity", WorkspaceFilter)
    search_fields = ("subject", "policy__name")
    ordering = ("-id",)
    fields = (
        "policy",
        "subject",
        "state",
        "severity",
        "why",
        "remediation",
        "workspace",
        "assignment",
        "resource",
        "first_seen_at",
        "last_seen_at",
        "resolved_at",
        "resolution",
        "regressions",
        "decision",
        "uuid",
    )
    readonly_fields = ("why", "remediation", "decision", "uuid")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the findings in reach, with what names them."""
        return visible_findings(actor_of(request)).select_related(
            "latest_result__policy_version__policy"
        )

    @display(description="Policy", ordering="policy__name")
    def title(self, finding: Finding) -> str:
        """Return the policy's title."""
        return finding.latest_result.policy_version.title

    @display(description="Subject", ordering="subject")
    def about(self, finding: Finding) -> str:
        """Return the subject, shortened."""
        return brief(finding.subject)

    @display(description="Severity", ordering="severity", label=SEVERITIES)
    def severity_label(self, finding: Finding) -> str:
        """Return the severity."""
        return finding.severity

    @display(description="State", ordering="state", label=STATES)
    def state_label(self, finding: Finding) -> str:
        """Return the state."""
        return finding.state

    @display(description="Why")
    def why(self, finding: Finding) -> str:
        """Return what the newest verdict found."""
        decision = finding.latest_result.decision
        return "; ".join(item["msg"] for item in decision.findings) or decision.error

    @display(description="Remediation")
    def remediation(self, finding: Finding) -> str:
        """Return how to mend it."""
        return str(finding.latest_result.policy_version.metadata["remediation"])

    @display(description="Decision")
    def decision(self, finding: Finding) -> str:
        """Return the way to the newest decision."""
        decision = finding.latest_result.decision
        address = reverse("admin:policies_decision_change", args=[decision.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', address, decision.uuid)


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
            reports.request(actor=actor, scan=UUID(data["scan"]))
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


@admin.register(JournalEntry)
class TrailAdmin(WorkspaceScopedAdmin):
    """The journal, as far as the user may read it; nothing can change it."""

    view_right = Permission.VIEW_TRAIL
    list_display = ("occurred_at", "action", "outcome_label", "actor_kind", "subject", "number")
    list_filter = ("outcome", "actor_kind", "via")
    search_fields = ("subject", "action", "request_id")
    ordering = ("-id",)
    fields = (
        "number",
        "occurred_at",
        "action",
        "outcome",
        "who",
        "roles",
        "subject",
        "subject_digest",
        "reason",
        "body_text",
        "request_id",
        "uuid",
        "authentic",
    )
    readonly_fields = (
        "number",
        "who",
        "roles",
        "reason",
        "body_text",
        "uuid",
        "authentic",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the entries that the user may read."""
        return trail.entries(actor_of(request), trail.TrailQuery())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the user may read the trail, or that very entry."""
        if not request.user.is_active:
            return False
        return obj is None or self.get_queryset(request).filter(pk=obj.pk).exists()

    @display(description="Outcome", ordering="outcome", label=OUTCOMES)
    def outcome_label(self, entry: JournalEntry) -> str:
        """Return the outcome."""
        return entry.outcome

    @display(description="Place in the order")
    def number(self, entry: JournalEntry) -> str:
        """Return the entry's number, or that the sequencer has not placed it."""
        return str(entry.sequence.seq) if hasattr(entry, "sequence") else "pending"

    @display(description="Actor")
    def who(self, entry: JournalEntry) -> str:
        """Return who acted, through which door."""
        actor = trail.describe([entry])[0].actor
        return f"{actor.username or actor.uuid or 'Muniment itself'} ({actor.kind}, {actor.via})"

    @display(description="Roles then")
    def roles(self, entry: JournalEntry) -> str:
        """Return the roles that the actor held."""
        return ", ".join(decode(entry)["actor"]["roles"]) or "none"

    @display(description="Reason")
    def reason(self, entry: JournalEntry) -> str:
        """Return the reason that was given."""
        return str(decode(entry)["reason"])

    @display(description="Record")
    def body_text(self, entry: JournalEntry) -> str:
        """Return the canonical record, indented."""
        text = json.dumps(decode(entry), indent=2, ensure_ascii=False)
        return format_html('<pre class="mu-pre">{}</pre>', text)

    @display(description="Authentic", boolean=True)
    def authentic(self, entry: JournalEntry) -> bool:
        """Tell whether this installation wrote the record."""
        return is_authentic(entry)
