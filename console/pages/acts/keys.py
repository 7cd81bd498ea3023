"""Trust a key, and trust it no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from console.pages.acts.fields import offer
from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission
from registry.queries.signatures import visible_keys
from registry.services import signatures, trusted_keys

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse


class KeyForm(forms.Form):
    """A public key, whose it is, and who trusts it."""

    workspace = operations.choice("Workspace")
    name = operations.text(
        "Name", max_length=trusted_keys.MAX_NAME, help_text="Whose key it is, as people know it."
    )
    pem = operations.prose(
        "Public key",
        rows=6,
        help_text="As PEM. Compare the fingerprint with its holder by another way.",
    )
    reason = operations.text("Reason", required=False, max_length=4000)


class EndForm(forms.Form):
    """Why it is trusted no more."""

    reason = operations.prose("Reason", rows=2)


def trust(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Let a workspace trust signatures by the holder of a key."""
    actor = actor_of(request)
    form = KeyForm(request.POST or None, initial={"workspace": request.GET.get("workspace", "")})
    places = access.visible_workspaces(actor, permission=Permission.CHANGE_WORKSPACE)
    slugs = places.order_by("slug").values_list("slug", flat=True)
    offer(form, "workspace", [(slug, slug) for slug in slugs])

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made = trusted_keys.trust(actor=actor, **data)
        return messages.SUCCESS, f"{made.workspace.slug} trusts {made.name}: {made.fingerprint}."

    back = reverse("admin:console_trusted_keys")
    operation = operations.Operation(
        "Trust a key",
        "Trust",
        call,
        back,
        back,
        intro="Models that its holder signed count as signed, and bundles that they signed may be"
        " imported.",
    )
    return operations.answer(request, operation, form, site=site)


def distrust(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End the trust in a key."""
    actor = actor_of(request)
    found = visible_keys(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(denial=signatures.denial_of_key(uuid))

    def call(data: dict[str, Any]) -> tuple[int, str]:
        trusted_keys.distrust(actor=actor, key=uuid, **data)
        return messages.SUCCESS, f"{found.workspace.slug} trusts {found.name} no more."

    back = reverse("admin:console_trusted_keys")
    operation = operations.Operation(
        f"Trust {found.name} no more",
        "End the trust",
        call,
        back,
        back,
        intro=f"In {found.workspace.slug}, what the key signed counts as signed no more, and its"
        " bundles are refused. What was imported stays.",
        danger=True,
    )
    return operations.answer(request, operation, EndForm(request.POST or None), site=site)
