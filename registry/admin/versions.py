"""Versions, and the form that asks for their promotion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from unfold.decorators import display

from registry import access
from registry.admin import operations
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin, actor_of
from registry.models import AssetVersion, Promotion
from registry.permissions import Permission
from registry.queries.versions import reference_of, version_by_uuid
from registry.services.promotions import request as requests

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

TELL = {
    Promotion.Status.COMPLETED: (messages.SUCCESS, "Promoted."),
    Promotion.Status.AWAITING_APPROVAL: (messages.INFO, "The gates agree; it awaits approval."),
    Promotion.Status.REFUSED: (messages.ERROR, "Refused; every reason is on this page."),
}


class PromoteForm(forms.Form):
    """Where to, under which alias, and why."""

    target = operations.choice("Target workspace")
    alias = operations.text(
        "Alias", required=False, help_text="Points at the promoted version, e.g. production."
    )
    reason = operations.prose("Reason", help_text="Approvers and auditors read it.")


@admin.register(AssetVersion)
class VersionAdmin(WorkspaceScopedAdmin):
    """Versions in the user's workspaces."""

    workspace_path = "asset__workspace"
    list_display = (
        "reference",
        "kind_label",
        "place",
        "aliases_there",
        "short_digest",
        "created_by",
        "created_at",
    )
    list_filter = ("asset__kind", WorkspaceFilter)
    list_select_related = ("asset__workspace", "created_by")
    search_fields = ("asset__name", "digest")
    ordering = ("-id",)
    extra_views = (("<uuid:version_uuid>/promote/", "promote"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the versions with their aliases."""
        return super().get_queryset(request).prefetch_related("aliases")

    @display(description="Version", ordering="asset__name")
    def reference(self, version: AssetVersion) -> str:
        """Return name and number."""
        return f"{version.asset.name} v{version.number}"

    @display(description="Kind", ordering="asset__kind", label=True)
    def kind_label(self, version: AssetVersion) -> str:
        """Return the kind."""
        return version.asset.get_kind_display()

    @display(description="Workspace", ordering="asset__workspace__slug")
    def place(self, version: AssetVersion) -> str:
        """Return the workspace."""
        return version.asset.workspace.slug

    @display(description="Aliases", label="success")
    def aliases_there(self, version: AssetVersion) -> list[str]:
        """Return the aliases that point here."""
        return [alias.name for alias in version.aliases.all()]

    @display(description="Digest", ordering="digest")
    def short_digest(self, version: AssetVersion) -> str:
        """Return the first digits."""
        return f"{version.digest[:19]}…"

    def promote(self, request: HttpRequest, version_uuid: UUID) -> HttpResponse:
        """Ask for a promotion; the outcome's page tells what came of it."""
        actor = actor_of(request)
        version = version_by_uuid(actor, version_uuid)
        page = reverse("admin:registry_assetversion_change", args=[version.pk])
        form = PromoteForm(request.POST or None)
        places = access.visible_workspaces(actor, permission=Permission.PROMOTE)
        slugs = places.exclude(pk=version.asset.workspace_id).order_by("slug")
        form.fields["target"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a workspace"),
            *((place.slug, f"{place.slug} ({place.stage})") for place in slugs),
        ]
        outcome: list[Promotion] = []

        def call(data: dict[str, Any]) -> tuple[int, str]:
            made = requests.promote(actor=actor, source=str(reference_of(version)), **data)
            outcome.append(made)
            return TELL[Promotion.Status(made.status)]

        operation = operations.Operation(
            f"Promote {reference_of(version)}",
            "Ask for promotion",
            call,
            back=lambda: reverse("admin:registry_promotion_change", args=[outcome[0].pk]),
            cancel=page,
            intro="Every gate of the target is asked now; members of a flow come along.",
        )
        return operations.answer(request, operation, form, site=self.admin_site)
