"""Assets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from unfold.decorators import display

from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin
from registry.models import AliasMove, Asset

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Asset)
class AssetAdmin(WorkspaceScopedAdmin):
    """Assets in the user's workspaces."""

    list_display = ("name", "kind_label", "workspace", "newest", "aliases_there", "created_at")
    list_filter = ("kind", WorkspaceFilter)
    list_select_related = ("workspace",)
    search_fields = ("name", "description")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the assets with their aliases."""
        return super().get_queryset(request).prefetch_related("aliases__version")

    @display(description="Kind", ordering="kind", label=True)
    def kind_label(self, asset: Asset) -> str:
        """Return the kind."""
        return asset.get_kind_display()

    @display(description="Newest version", ordering="last_number")
    def newest(self, asset: Asset) -> str:
        """Return the newest number."""
        return f"v{asset.last_number}" if asset.last_number else "none"

    @display(description="Aliases", label="success")
    def aliases_there(self, asset: Asset) -> list[str]:
        """Return each alias with the number that it means."""
        return [f"{alias.name} v{alias.version.number}" for alias in asset.aliases.all()]


@admin.register(AliasMove)
class AliasMoveAdmin(WorkspaceScopedAdmin):
    """Every move of an alias, newest first."""

    workspace_path = "asset__workspace"
    list_display = ("name", "asset", "place", "change", "moved_by", "moved_at")
    list_filter = (WorkspaceFilter,)
    list_select_related = ("asset__workspace", "from_version", "to_version", "moved_by")
    search_fields = ("name", "asset__name")
    ordering = ("-id",)
    fields = ("asset", "name", "change", "moved_by", "moved_at", "reason")
    readonly_fields = ("change",)

    @display(description="Workspace", ordering="asset__workspace__slug")
    def place(self, move: AliasMove) -> str:
        """Return the workspace."""
        return move.asset.workspace.slug

    @display(description="Moved")
    def change(self, move: AliasMove) -> str:
        """Return from where to where."""
        before = f"v{move.from_version.number}" if move.from_version else "nothing"
        after = f"v{move.to_version.number}" if move.to_version else "nothing"
        return f"{before} → {after}"
