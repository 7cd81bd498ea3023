"""Policies, where they hold, and what they said. Changes go through the REST API's services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from core.naming import brief
from policies.models import (
    Assignment,
    Decision,
    Exemption,
    Policy,
    PolicySet,
    PolicySetVersion,
    PolicyVersion,
    Resource,
    Snapshot,
)
from registry.admin.mixin import MembersAdmin, WorkspaceFilter, WorkspaceScopedAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

SEVERITIES = {"low": "info", "medium": "warning", "high": "danger", "critical": "danger"}
STATES = {
    "pass": "success",
    "fail": "danger",
    "error": "danger",
    "unknown": "warning",
    "not_applicable": "default",
}
EFFECTS = {"deny": "danger", "require_approval": "warning", "warn": "warning", "audit": "info"}


def block(value: object) -> str:
    """Return text, or a value as indented JSON, in a block of code."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="mu-pre">{}</pre>', text)


@admin.register(Policy)
class PolicyAdmin(MembersAdmin):
    """Policies by name, with their newest version."""

    list_display = ("name", "title", "severity", "last_number", "checked")
    search_fields = ("name", "versions__metadata__title")
    ordering = ("name",)
    fields = (
        "name",
        "title",
        "description",
        "severity",
        "controls",
        "checked",
        "remediation",
        "digest",
        "source",
        "created_at",
    )
    readonly_fields = (
        "title",
        "description",
        "severity",
        "controls",
        "checked",
        "remediation",
        "digest",
        "source",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the policies with what their row shows of the newest version."""
        newest = PolicyVersion.objects.filter(policy=OuterRef("pk")).order_by("-number")
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                newest_metadata=Subquery(newest.values("metadata")[:1]),
                newest_checked=Subquery(newest.values("checked_by")[:1]),
                newest_source=Subquery(newest.values("source")[:1]),
                newest_digest=Subquery(newest.values("digest")[:1]),
            )
        )
        return rows

    @display(description="Title")
    def title(self, policy: Any) -> str:
        """Return the title of the newest version."""
        return str(policy.newest_metadata["title"])

    @display(description="Description")
    def description(self, policy: Any) -> str:
        """Return what it asks for."""
        return str(policy.newest_metadata["description"])

    @display(description="Severity", label=SEVERITIES)
    def severity(self, policy: Any) -> str:
        """Return the severity of the newest version."""
        return str(policy.newest_metadata["severity"])

    @display(description="Controls")
    def controls(self, policy: Any) -> str:
        """Return the controls that it serves."""
        return ", ".join(policy.newest_metadata["controls"])

    @display(description="Remediation")
    def remediation(self, policy: Any) -> str:
        """Return how to mend what it finds."""
        return str(policy.newest_metadata["remediation"])

    @display(description="Checked by")
    def checked(self, policy: Any) -> str:
        """Return which OPA checked it; without one it may not gate."""
        return policy.newest_checked or "nobody: it may audit or warn, never gate"

    @display(description="Digest")
    def digest(self, policy: Any) -> str:
        """Return the digest of the newest text."""
        return str(policy.newest_digest)

    @display(description="Rego")
    def source(self, policy: Any) -> str:
        """Return the newest text."""
        return block(str(policy.newest_source))


@admin.register(PolicySet)
class PolicySetAdmin(MembersAdmin):
    """Policies that are assigned together."""

    list_display = ("name", "title", "last_number", "created_at")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "title", "last_number", "members", "created_at")
    readonly_fields = ("title", "members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the sets with the title of their newest version."""
        newest = PolicySetVersion.objects.filter(policy_set=OuterRef("pk")).order_by("-number")
        sets: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(newest_title=Subquery(newest.values("title")[:1]))
        )
        return sets

    @display(description="Title")
    def title(self, policy_set: Any) -> str:
        """Return the title of the newest version."""
        return str(policy_set.newest_title)

    @display(description="Members of the newest version")
    def members(self, policy_set: PolicySet) -> str:
        """Return each policy version with its title."""
        newest = policy_set.versions.order_by("-number").first()
        members = newest.members.select_related("policy_version__policy") if newest else []
        rows = ((m.policy_version.reference, m.policy_version.title) for m in members)
        return format_html_join("", "<div><code>{}</code> {}</div>", rows)


@admin.register(Assignment)
class AssignmentAdmin(WorkspaceScopedAdmin):
    """Where policies hold. What holds wider than one workspace is shown to every member."""

    list_display = (
        "what",
        "where",
        "effect_label",
        "is_enforced",
        "valid_from",
        "valid_to",
        "assigned_by",
    )
    list_filter = ("effect", "scope", WorkspaceFilter)
    list_select_related = (
        "workspace",
        "policy_version__policy",
        "set_version__policy_set",
        "assigned_by",
    )
    search_fields = ("policy_version__policy__name", "set_version__policy_set__name")
    ordering = ("-id",)
    fields = (
        "what",
        "where",
        "effect",
        "is_enforced",
        "parameters_text",
        "message",
        "valid_from",
        "valid_to",
        "assigned_by",
        "ended_by",
        "uuid",
    )
    readonly_fields = ("what", "where", "parameters_text", "uuid")

    def reach(self, request: HttpRequest) -> Q:
        """Return the condition that it holds in the user's workspaces, or wider."""
        wide = Q(workspace__isnull=True)
        return wide | super().reach(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the user may see it."""
        if obj is not None and obj.workspace_id is None:
            return super().has_view_permission(request)
        return super().has_view_permission(request, obj)

    @display(description="Policy or set")
    def what(self, assignment: Assignment) -> str:
        """Return the pinned version."""
        of = assignment.policy_version or assignment.set_version
        return of.reference if of else ""

    @display(description="Where")
    def where(self, assignment: Assignment) -> str:
        """Return the scope."""
        return assignment.place

    @display(description="Effect", ordering="effect", label=EFFECTS)
    def effect_label(self, assignment: Assignment) -> tuple[str, str]:
        """Return the effect."""
        return assignment.effect, assignment.get_effect_display()

    @display(description="Parameters")
    def parameters_text(self, assignment: Assignment) -> str:
        """Return the parameters."""
        return block(assignment.parameters)


@admin.register(Exemption)
class ExemptionAdmin(WorkspaceScopedAdmin):
    """What is waived, for how long, on whose word."""

    list_display = (
        "assignment",
        "workspace",
        "category",
        "state",
        "requested_by",
        "approved_by",
        "expires_at",
    )
    list_filter = ("category", WorkspaceFilter)
    list_select_related = (
        "assignment__policy_version__policy",
        "assignment__set_version__policy_set",
        "assignment__workspace",
        "workspace",
        "requested_by",
        "approved_by",
    )
    search_fields = ("reason",)
    ordering = ("-id",)
    exclude = ("ended_by",)

    @display(
        description="State",
        label={"granted": "success", "requested": "warning", "expired": "default"},
    )
    def state(self, exemption: Exemption) -> str:
        """Return where it stands."""
        return exemption.status


@admin.register(Resource)
class ResourceAdmin(WorkspaceScopedAdmin):
    """Configured resources, with the newest that is known of them."""

    list_display = ("name", "type", "source", "workspace", "known", "retired_at")
    list_filter = (WorkspaceFilter, "source", "type")
    list_select_related = ("workspace",)
    search_fields = ("external_id", "type")
    ordering = ("-id",)
    fields = (
        "workspace",
        "source",
        "type",
        "external_id",
        "known",
        "document",
        "created_at",
        "retired_at",
        "uuid",
    )
    readonly_fields = ("known", "document", "uuid")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the resources with when they were last looked at."""
        newest = Snapshot.objects.filter(resource=OuterRef("pk")).order_by("-observed_at", "-id")
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                newest_at=Subquery(newest.values("observed_at")[:1]),
                newest_kind=Subquery(newest.values("provenance")[:1]),
            )
        )
        return rows

    @display(description="Resource", ordering="external_id")
    def name(self, resource: Resource) -> str:
        """Return its id, shortened."""
        return brief(resource.external_id)

    @display(description="Newest snapshot", ordering="newest_at")
    def known(self, resource: Any) -> str:
        """Return how and when it was last told of."""
        if resource.newest_at is None:
            return "none"
        return f"{resource.newest_kind} {resource.newest_at:%Y-%m-%d %H:%M}"

    @display(description="Newest document")
    def document(self, resource: Resource) -> str:
        """Return the newest document."""
        newest = resource.snapshots.order_by("-observed_at", "-id").first()
        return block(newest.document) if newest else "none"


@admin.register(Decision)
class DecisionAdmin(WorkspaceScopedAdmin):
    """What policies said, replayable."""

    list_display = ("title", "about", "state_label", "workspace", "kind", "evaluated_at")
    list_filter = ("state", "kind", WorkspaceFilter)
    list_select_related = ("policy_version__policy", "workspace")
    search_fields = ("subject", "policy_version__policy__name")
    ordering = ("-id",)
    fields = (
        "uuid",
        "policy_version",
        "subject",
        "state",
        "findings_text",
        "error",
        "workspace",
        "parameters_text",
        "input_digest",
        "bundle_digest",
        "engine",
        "engine_version",
        "duration_us",
        "evaluated_at",
    )
    readonly_fields = ("uuid", "findings_text", "parameters_text", "input_digest")

    @display(description="Policy")
    def title(self, decision: Decision) -> str:
        """Return the policy's title."""
        return decision.policy_version.title

    @display(description="Subject", ordering="subject")
    def about(self, decision: Decision) -> str:
        """Return the subject, shortened."""
        return brief(decision.subject)

    @display(description="State", ordering="state", label=STATES)
    def state_label(self, decision: Decision) -> tuple[str, str]:
        """Return the state."""
        return decision.state, decision.state.replace("_", " ")

    @display(description="Findings")
    def findings_text(self, decision: Decision) -> str:
        """Return what was found, where."""
        rows = ((item["msg"], item["path"]) for item in decision.findings)
        found = format_html_join("", "<div>{} <code>{}</code></div>", rows)
        return found or "none"

    @display(description="Parameters")
    def parameters_text(self, decision: Decision) -> str:
        """Return the parameters."""
        return block(decision.parameters)

    @display(description="Input digest")
    def input_digest(self, decision: Decision) -> str:
        """Return the digest of the bytes that were judged."""
        return decision.input_id
