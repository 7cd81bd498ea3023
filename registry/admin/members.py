"""Members: who holds which role where, and who did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display

from registry import access
from registry.admin import operations
from registry.admin.mixin import WorkspaceFilter, WorkspaceScopedAdmin, actor_of
from registry.models import Grant
from registry.permissions import ROLE_NAMES, Permission
from registry.services import members

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class GrantForm(forms.Form):
    """Who gets which role where."""

    workspace = operations.choice("Workspace")
    role = operations.choice("Role", [(name, name) for name in ROLE_NAMES])
    username = operations.text(
        "Account", required=False, help_text="Either an account or a group, not both."
    )
    group = operations.text("Group", required=False)
    reason = operations.prose("Reason", required=False, rows=2)


class EndForm(forms.Form):
    """Why the role ends."""

    reason = operations.prose("Reason", required=False, rows=2)


class StateFilter(admin.SimpleListFilter):
    """Filters by whether the role is held now."""

    title = "state"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the two states."""
        return [("now", "Held now"), ("past", "Ended")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the grants in the chosen state."""
        if self.value() is None:
            return queryset
        return queryset.filter(valid_to__isnull=self.value() == "now")


@admin.register(Grant)
class GrantAdmin(WorkspaceScopedAdmin):
    """Grants of roles in the user's workspaces, past ones included."""

    list_display = (
        "principal",
        "role_label",
        "workspace",
        "valid_from",
        "valid_to",
        "granted_by",
        "end_link",
    )
    list_filter = (StateFilter, "role", WorkspaceFilter)
    list_select_related = ("workspace", "user", "group", "granted_by")
    search_fields = ("user__username", "group__name")
    ordering = ("-id",)
    actions_list = ("grant",)
    extra_views = (("<uuid:grant_uuid>/end/", "end"),)

    @display(description="Holder", header=True)
    def principal(self, grant: Grant) -> list[str]:
        """Return the account or group."""
        if grant.user is not None:
            return [grant.user.get_username(), f"{grant.user.kind} account"]
        return [grant.group.name if grant.group else "", "group"]

    @display(description="Role", ordering="role", label={"admin": "warning"})
    def role_label(self, grant: Grant) -> str:
        """Return the role."""
        return grant.role

    @display(description="")
    def end_link(self, grant: Grant) -> str:
        """Return the way to end the grant; the page itself checks the right."""
        if grant.valid_to is not None:
            return ""
        address = reverse("admin:registry_grant_end", args=[grant.uuid])
        return format_html('<a class="text-link" href="{}">End …</a>', address)

    def has_grant_permission(self, request: HttpRequest) -> bool:
        """Tell whether there is a workspace whose members the user manages."""
        actor = actor_of(request)
        return access.visible_workspaces(actor, permission=Permission.MANAGE_MEMBERS).exists()

    @action(description="Grant a role", url_path="grant", icon="add", permissions=["grant"])
    def grant(self, request: HttpRequest) -> HttpResponse:
        """Grant a role."""
        back = reverse("admin:registry_grant_changelist")
        actor = actor_of(request)

        def call(data: dict[str, Any]) -> tuple[int, str]:
            granted = members.grant(actor=actor, **data)
            return messages.SUCCESS, f"Granted: {granted}."

        form = GrantForm(request.POST or None)
        places = access.visible_workspaces(actor, permission=Permission.MANAGE_MEMBERS)
        slugs = places.order_by("slug").values_list("slug", flat=True)
        form.fields["workspace"].choices = [(slug, slug) for slug in slugs]  # type: ignore[attr-defined]
        operation = operations.Operation("Grant a role", "Grant", call, back=back, cancel=back)
        return operations.answer(request, operation, form, site=self.admin_site)

    def end(self, request: HttpRequest, grant_uuid: Any) -> HttpResponse:
        """End a grant."""
        held = self.get_queryset(request).filter(uuid=grant_uuid).first()
        if held is None:
            raise Http404
        back = reverse("admin:registry_grant_changelist")

        def call(data: dict[str, Any]) -> tuple[int, str]:
            members.revoke(actor=actor_of(request), grant_uuid=grant_uuid, **data)
            return messages.SUCCESS, f"Ended: {held}. That it was held stays on record."

        operation = operations.Operation(
            f"End: {held}", "End role", call, back=back, cancel=back, danger=True
        )
        form = EndForm(request.POST or None)
        return operations.answer(request, operation, form, site=self.admin_site)
