"""What OPAs of elsewhere decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from unfold.decorators import display

from core.naming import brief
from policies.admin.blocks import block
from policies.admin.decisions import STATES
from policies.models import FleetDecision
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(FleetDecision)
class FleetDecisionAdmin(WorkspaceScopedAdmin):
    """Decisions by the logs of OPAs, for those who may read the trail."""

    workspace_path = "opa__workspace"
    view_right = Permission.VIEW_TRAIL
    list_display = ("asked", "opa_name", "state_label", "instance", "decided_at")
    list_filter = ("state", WorkspaceFilter)
    list_select_related = ("opa__workspace",)
    search_fields = ("decision_id", "path", "opa__name")
    ordering = ("-id",)
    fields = (
        "decision_id",
        "opa_name",
        "instance_id",
        "path",
        "state",
        "revision",
        "event_text",
        "redacted_text",
        "digest",
        "decided_at",
        "received_at",
        "uuid",
    )
    readonly_fields = ("opa_name", "event_text", "redacted_text", "uuid")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FleetDecision]:
        """Return the decisions with the name of their OPA."""
        return super().get_queryset(request).select_related("opa__workspace")

    @display(description="Asked", ordering="path")
    def asked(self, decision: FleetDecision) -> str:
        """Return the path, shortened; a query has none."""
        return brief(decision.path) or "a query"

    @display(description="OPA", ordering="opa__name")
    def opa_name(self, decision: FleetDecision) -> str:
        """Return which OPA decided."""
        return decision.opa.name

    @display(description="State", ordering="state", label=STATES)
    def state_label(self, decision: FleetDecision) -> tuple[str, str]:
        """Return the state, where the result is a verdict."""
        return decision.state or "default", decision.state.replace("_", " ") or "other"

    @display(description="Process", ordering="instance_id")
    def instance(self, decision: FleetDecision) -> str:
        """Return the id of the process, shortened."""
        return brief(decision.instance_id)

    @display(description="Event")
    def event_text(self, decision: FleetDecision) -> str:
        """Return the whole entry of the log."""
        return block(decision.event)

    @display(description="Taken out")
    def redacted_text(self, decision: FleetDecision) -> str:
        """Return where something looked like a secret."""
        return ", ".join(decision.redacted) or "nothing"
