"""Workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from unfold.decorators import action, display

from registry.admin import operations
from registry.admin.mixin import WorkspaceScopedAdmin, actor_of
from registry.models import Asset, PromotionRule, Workspace
from registry.services import workspaces

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

STAGES = {"development": "info", "staging": "warning", "production": "success"}


class CreateForm(forms.Form):
    """What a new workspace needs."""

    slug = operations.text("Slug", help_text="Part of every reference; it never changes.")
    title = operations.text("Title")
    stage = operations.choice("Stage", Workspace.Stage.choices)
    description = operations.prose("Description", required=False)


@admin.register(Workspace)
class WorkspaceAdmin(WorkspaceScopedAdmin):
    """Workspaces that the user may see."""

    workspace_path = ""
    list_display = ("slug", "title", "stage_label", "asset_count", "approvals", "created_at")
    list_filter = ("stage",)
    search_fields = ("slug", "title")
    ordering = ("slug",)
    fields = ("slug", "title", "stage", "description", "protected_aliases", "created_at")
    actions_list = ("create",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the workspaces with what their row shows."""
        rule = PromotionRule.objects.filter(workspace=OuterRef("pk"), valid_to__isnull=True)
        assets = Asset.objects.filter(workspace=OuterRef("pk")).values("workspace")
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                assets_there=Subquery(assets.annotate(n=Count("pk")).values("n")),
                needed=Subquery(rule.values("required_approvals")[:1]),
            )
        )
        return rows

    @display(description="Stage", ordering="stage", label=STAGES)
    def stage_label(self, workspace: Workspace) -> str:
        """Return the stage."""
        return workspace.stage

    @display(description="Assets")
    def asset_count(self, workspace: Any) -> int:
        """Return how many assets it has."""
        return workspace.assets_there or 0

    @display(description="Approvals to promote")
    def approvals(self, workspace: Any) -> int:
        """Return how many approvals a promotion needs."""
        return workspace.needed or 0

    def has_create_permission(self, request: HttpRequest) -> bool:
        """Tell whether the user may create workspaces."""
        return bool(request.user.is_active and request.user.is_superuser)

    @action(description="Create workspace", url_path="create", icon="add", permissions=["create"])
    def create(self, request: HttpRequest) -> HttpResponse:
        """Create a workspace."""
        back = reverse("admin:registry_workspace_changelist")

        def call(data: dict[str, Any]) -> tuple[int, str]:
            made = workspaces.create(actor=actor_of(request), **data)
            return messages.SUCCESS, f"The workspace {made.slug} is there; you are its admin."

        operation = operations.Operation(
            "Create a workspace", "Create workspace", call, back=back, cancel=back
        )
        form = CreateForm(request.POST or None)
        return operations.answer(request, operation, form, site=self.admin_site)
