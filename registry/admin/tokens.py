"""API tokens of all accounts. Their holders see and make their own over REST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display

from core.backoffice import OrganisationAdmin
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.models import Token
from registry.services import tokens

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

STATES = {"active": "success", "expired": "warning", "revoked": "danger"}


@admin.register(Token)
class TokenAdmin(OrganisationAdmin):
    """Tokens, never their secrets."""

    list_display = (
        "prefix",
        "user",
        "state",
        "label",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoking",
    )
    list_select_related = ("user",)
    search_fields = ("prefix", "user__username", "label")
    ordering = ("-id",)
    fields = (
        "prefix",
        "user",
        "label",
        "scopes",
        "workspaces",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )
    extra_views = (("<uuid:token_uuid>/revoke/", "revoke"),)

    @display(description="State", label=STATES)
    def state(self, token: Token) -> str:
        """Return whether the token works."""
        if token.revoked_at is not None:
            return "revoked"
        is_over = token.expires_at is not None and token.expires_at <= timezone.now()
        return "expired" if is_over else "active"

    @display(description="")
    def revoking(self, token: Token) -> str:
        """Return the way to revoke the token."""
        if token.revoked_at is not None:
            return ""
        address = reverse("admin:registry_token_revoke", args=[token.uuid])
        return format_html('<a class="text-link" href="{}">Revoke …</a>', address)

    def revoke(self, request: HttpRequest, token_uuid: UUID) -> HttpResponse:
        """Revoke a token."""
        back = reverse("admin:registry_token_changelist")

        def call(data: dict[str, Any]) -> tuple[int, str]:
            revoked = tokens.revoke(actor=actor_of(request), token_uuid=token_uuid)
            return messages.SUCCESS, f"The token {revoked.prefix} is revoked."

        operation = operations.Operation(
            "Revoke a token",
            "Revoke",
            call,
            back=back,
            cancel=back,
            danger=True,
            intro="Whoever uses it is refused from the next request on.",
        )
        form = forms.Form(request.POST if request.method == "POST" else None)
        return operations.answer(request, operation, form, site=self.admin_site)
