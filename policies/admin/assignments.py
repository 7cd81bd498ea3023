"""Where policies hold, and what is waived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from unfold.decorators import display

from policies.admin.blocks import block
from policies.models import (
    Assignment,
    Exemption,
)
from policies.queries.assignments import visible_assignments
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin, actor_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

EFFECTS = {
    "deny": "danger",
    "require_approval": "warning",
    "warn": "warning",
    "modify": "warning",
    "manual": "info",
    "audit": "info",
}


@admin.register(Assignment)
class AssignmentAdmin(WorkspaceScopedAdmin):
    """Where policies hold. What holds wider than one workspace is shown to whom it reaches."""

    list_display = (
        "what",
        "where",
        "effect_label",
        "enforced",
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
        "enforced",
        "limits",
        "parameters_text",
        "message",
        "left_out",
        "valid_from",
        "valid_to",
        "assigned_by",
        "ended_by",
        "uuid",
    )
    readonly_fields = (
        "what",
        "where",
        "enforced",
        "limits",
        "parameters_text",
        "left_out",
        "uuid",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        """Return the assignments that the user may see."""
        return visible_assignments(actor_of(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether the user may see it."""
        if obj is not None and obj.workspace_id is None:
            return self.get_queryset(request).filter(pk=obj.pk).exists()
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

    @display(description="Enforced")
    def enforced(self, assignment: Assignment) -> str:
        """Return in how many of its workspaces it is enforced."""
        return str(assignment.enforcement or "")

    @display(description="Limited to")
    def limits(self, assignment: Assignment) -> str:
        """Return the kinds, tags and effects of members that it is limited to."""
        told = {"kinds": assignment.kinds, "tags": assignment.tags, "effects": assignment.overrides}
        return block({name: value for name, value in told.items() if value} or "nothing")

    @display(description="Excluded workspaces")
    def left_out(self, assignment: Assignment) -> str:
        """Return those workspaces that it leaves out that the user may see."""
        return ", ".join(workspace.slug for workspace in assignment.excluded.all())

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
