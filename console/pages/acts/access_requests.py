"""Ask for a role in a workspace; grant or decline what others asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.models import Asset
from registry.permissions import Role
from registry.queries.catalogue.discoverable import (
    discoverable_entries,
    discoverable_workspaces,
    visible_requests,
)
from registry.services import access_requests

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from registry.models import AccessRequest

ROLES = {
    Role.READER: "reader: sees what is there, and comments",
    Role.AUTHOR: "author: registers versions",
    Role.APPROVER: "approver: approves promotions, reviews cards",
    Role.DEPLOYER: "deployer: asks for promotions, deploys",
    Role.AUDITOR: "auditor: reads the trail, runs scans",
    Role.ADMIN: "admin: everything, members included",
}


class AskForm(forms.Form):
    """Which role, and what for."""

    role = operations.choice("Role", [(role.value, label) for role, label in ROLES.items()])
    reason = operations.prose("What for", required=False, help_text="Who decides reads it.")


class GrantForm(forms.Form):
    """What to say of it."""

    reason = operations.prose("Note", required=False)


class DeclineForm(forms.Form):
    """Why not."""

    reason = operations.prose("Reason", help_text="Who asked reads it.")


class WithdrawForm(forms.Form):
    """Nothing to say."""


def ask_for_asset(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for a role where something is that the user found in the catalogue."""
    actor = actor_of(request)
    found = discoverable_entries(actor).filter(asset__uuid=uuid).first()
    asset = found.asset if found else _readable(actor, uuid)
    name = f"{asset.workspace.slug}/{asset.kind}/{asset.name}"
    return _ask(site, request, title=f"Ask to read {name}", wanted={"asset": uuid})


def ask_for_workspace(site: AdminSite, request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a role in a workspace that the user reads or may know of."""
    actor = actor_of(request)
    known = access.visible_workspaces(actor).filter(slug=slug)
    if not (known.exists() or discoverable_workspaces(actor).filter(slug=slug).exists()):
        raise NotFound
    return _ask(site, request, title=f"Ask for a role in {slug}", wanted={"workspace": slug})


def _readable(actor: Actor, uuid: UUID) -> Asset:
    rows = Asset.objects.filter(access.in_reach(actor), uuid=uuid, deleted_at__isnull=True)
    found = rows.select_related("workspace").first()
    if found is None:
        raise NotFound
    return found


def _ask(
    site: AdminSite, request: HttpRequest, *, title: str, wanted: dict[str, Any]
) -> HttpResponse:
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made = access_requests.ask(actor=actor, **wanted, **data)
        return messages.SUCCESS, f"Asked for {made.role} in {made.workspace.slug}."

    operation = operations.Operation(
        title,
        "Ask",
        call,
        reverse("admin:console_inbox"),
        reverse("admin:console_catalogue"),
        intro="Those who manage the members of the workspace decide, and you are told.",
    )
    form = AskForm(request.POST or None, initial={"role": Role.READER.value})
    return operations.answer(request, operation, form, site=site)


def grant(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Grant what was asked for."""
    actor, found = actor_of(request), _request(request, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        access_requests.grant(actor=actor, request=uuid, **data)
        return messages.SUCCESS, f"{found.requested_by.username} is {found.role} now."

    operation = operations.Operation(
        f"Grant {found.role} in {found.workspace.slug} to {found.requested_by.username}",
        "Grant",
        call,
        reverse("admin:console_inbox"),
        reverse("admin:console_inbox"),
        intro=_said(found),
    )
    form = GrantForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def decline(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Decline what was asked for, for a reason."""
    actor, found = actor_of(request), _request(request, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        access_requests.decline(actor=actor, request=uuid, **data)
        return messages.SUCCESS, "Declined."

    operation = operations.Operation(
        f"Decline {found.role} in {found.workspace.slug} to {found.requested_by.username}",
        "Decline",
        call,
        reverse("admin:console_inbox"),
        reverse("admin:console_inbox"),
        intro=_said(found),
        danger=True,
    )
    return operations.answer(request, operation, DeclineForm(request.POST or None), site=site)


def withdraw(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a request of one's own back."""
    actor, found = actor_of(request), _request(request, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        access_requests.withdraw(actor=actor, request=uuid)
        return messages.SUCCESS, "Withdrawn."

    operation = operations.Operation(
        f"Withdraw the request for {found.role} in {found.workspace.slug}",
        "Withdraw",
        call,
        reverse("admin:console_inbox"),
        reverse("admin:console_inbox"),
    )
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def _request(request: HttpRequest, uuid: UUID) -> AccessRequest:
    found = visible_requests(actor_of(request)).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def _said(found: AccessRequest) -> str:
    return f"They say: {found.reason}" if found.reason else "They gave no reason."
