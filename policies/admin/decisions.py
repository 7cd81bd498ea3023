"""What policies look at, and what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.html import format_html_join
from unfold.decorators import display

from core.naming import brief
from policies.admin.blocks import block, difference
from policies.models import (
    Decision,
    Resource,
    Snapshot,
)
from policies.queries.modifications import modification_of
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest

STATES = {
    "pass": "success",
    "fail": "danger",
    "error": "danger",
    "unknown": "warning",
    "not_applicable": "default",
}


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

    workspace_path = "evaluation__workspace"
    list_display = ("title", "about", "state_label", "place", "kind", "evaluated_at")
    list_filter = ("state", "evaluation__kind", WorkspaceFilter)
    list_select_related = ("policy_version__policy", "evaluation__workspace")
    search_fields = ("evaluation__subject", "policy_version__policy__name")
    ordering = ("-id",)
    fields = (
        "uuid",
        "policy_version",
        "subject",
        "state",
        "findings_text",
        "error",
        "proposed",
        "place",
        "parameters_text",
        "input_digest",
        "bundle_digest",
        "engine",
        "engine_version",
        "duration_us",
        "evaluated_at",
    )
    readonly_fields = (
        "uuid",
        "subject",
        "findings_text",
        "proposed",
        "place",
        "parameters_text",
        "input_digest",
        "bundle_digest",
        "engine",
        "engine_version",
        "evaluated_at",
    )

    @display(description="Policy")
    def title(self, decision: Decision) -> str:
        """Return the policy's title."""
        return decision.policy_version.title

    @display(description="Subject", ordering="evaluation__subject")
    def about(self, decision: Decision) -> str:
        """Return the subject, shortened."""
        return brief(decision.subject)

    @display(description="State", ordering="state", label=STATES)
    def state_label(self, decision: Decision) -> tuple[str, str]:
        """Return the state."""
        return decision.state, decision.state.replace("_", " ")

    @display(description="Workspace", ordering="evaluation__workspace")
    def place(self, decision: Decision) -> str:
        """Return the workspace in which it was asked."""
        return str(decision.workspace)

    @display(description="Document", ordering="evaluation__kind")
    def kind(self, decision: Decision) -> str:
        """Return what kind of document was judged."""
        return decision.evaluation.get_kind_display()

    @display(description="Evaluated at", ordering="evaluation__evaluated_at")
    def evaluated_at(self, decision: Decision) -> datetime:
        """Return when it was judged."""
        return decision.evaluation.evaluated_at

    @display(description="Findings")
    def findings_text(self, decision: Decision) -> str:
        """Return what was found, where."""
        rows = ((item["msg"], item["path"]) for item in decision.findings)
        found = format_html_join("", "<div>{} <code>{}</code></div>", rows)
        return found or "none"

    @display(description="What would mend it")
    def proposed(self, decision: Decision) -> str:
        """Return the change that the policy proposes, which nobody makes by itself."""
        if decision.snapshot is None:
            return "the policy proposes nothing"
        document = {"configuration": decision.snapshot.document}
        found = modification_of(decision.policy_version, document, state=decision.state)
        if found is None:
            return "the policy proposes nothing"
        return difference(found.lines) if found.lines else found.error

    @display(description="Parameters")
    def parameters_text(self, decision: Decision) -> str:
        """Return the parameters."""
        return block(decision.parameters)

    @display(description="Input digest")
    def input_digest(self, decision: Decision) -> str:
        """Return the digest of the bytes that were judged."""
        return decision.input_id
