"""Ask for an evidence pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from audits.services.packs.request import request as request_pack
from console.pages.acts.fields import offer
from console.pages.audits.packs import may_ask, scans_to_choose
from core.errors import AccessDenied, Denial
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse


class PackForm(forms.Form):
    """What the pack is to be of: one of three."""

    scan = operations.choice("A scan", required=False, help_text="What it found, as of its time.")
    workspaces = operations.text(
        "Or workspaces",
        required=False,
        help_text="Slugs with spaces between. They are scanned now, or give a time below.",
    )
    version = operations.text(
        "Or a version",
        required=False,
        help_text="Its reference: workspace/kind/name/number, or with @alias.",
    )
    as_of = forms.DateTimeField(
        label="As of",
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
        help_text="UTC. For workspaces their newest scan by then, for a version what was on"
        " record. Left out, it is now.",
    )

    def basis(self) -> dict[str, Any]:
        """Return what is asked for, as the service takes it."""
        told = self.cleaned_data
        scan: UUID | str = told["scan"]
        return {
            "scan": scan or None,
            "workspaces": told["workspaces"].split() or None,
            "version": told["version"],
            "as_of": told["as_of"],
        }


def ask(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Have a pack made."""
    actor = actor_of(request)
    if not may_ask(actor):
        right = Permission.RUN_SCAN.value
        raise AccessDenied(
            f"You hold the right {right} in no workspace.", denial=Denial(right, "pack", None)
        )
    wanted = {name: request.GET.get(name, "") for name in ("scan", "workspaces", "version")}
    form = PackForm(request.POST or None, initial=wanted)
    choices = [("", "none"), *scans_to_choose(actor)]
    offer(form, "scan", choices)
    made: list[str] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made.append(str(request_pack(actor=actor, **form.basis()).uuid))
        return messages.SUCCESS, "The pack is being made."

    operation = operations.Operation(
        "Make an evidence pack",
        "Make",
        call,
        lambda: reverse("admin:console_pack", args=made),
        reverse("admin:console_packs"),
        intro="A ZIP archive of what was found and of all that it rests on: anybody can verify it"
        " offline with one public key. The same scan, or version and time, gives the same bytes.",
    )
    return operations.answer(request, operation, form, site=site)
