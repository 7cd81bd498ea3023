"""Findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from audits.models import Finding
from audits.queries.scope import visible_findings
from core.naming import brief
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin, actor_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

STATES = {"open": "danger", "exempt": "warning", "resolved": "success"}
SEVERITIES = {"low": "info", "medium": "warning", "high": "danger", "critical": "danger"}


@admin.register(Finding)
class FindingAdmin(WorkspaceScopedAdmin):
    """What fails a policy, or is beyond a threshold, followed for as long as it does."""

    list_display = (
        "title",
        "about",
        "severity_label",
        "state_label",
        "workspace",
        "first_seen_at",
        "regressions",
    )
    list_filter = ("state", "severity", "origin", WorkspaceFilter)
    search_fields = ("subject", "policy__name", "latest_sighting__name")
    ordering = ("-id",)
    fields = (
        "title",
        "origin",
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
        "evidence",
        "uuid",
    )
    readonly_fields = ("title", "why", "remediation", "decision", "evidence", "uuid")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the findings in reach, with what names them."""
        return visible_findings(actor_of(request)).select_related(
            "latest_result__policy_version__policy"
        )

    @display(description="What", ordering="policy__name")
    def title(self, finding: Finding) -> str:
        """Return the policy's title, or which threshold or comparison it is."""
        return finding.title

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
        """Return what the newest verdict found, or what was measured."""
        return "; ".join(item["msg"] for item in finding.reasons)

    @display(description="Remediation")
    def remediation(self, finding: Finding) -> str:
        """Return how to mend it."""
        return finding.remediation

    @display(description="Decision")
    def decision(self, finding: Finding) -> str:
        """Return the way to the newest decision."""
        if finding.latest_result is None:
            return ""
        decision = finding.latest_result.decision
        address = reverse("admin:policies_decision_change", args=[decision.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', address, decision.uuid)

    @display(description="Evidence")
    def evidence(self, finding: Finding) -> str:
        """Return which journal entry told of it last."""
        told = finding.latest_sighting
        return f"entry {told.entry_seq} of the journal, {told.entry_uuid}" if told else ""
