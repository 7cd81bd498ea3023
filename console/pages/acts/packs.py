"""Ask for an evidence pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.urls import reverse

from audits.services.packs.request import request as request_pack
from console.pages.acts.bases import (
    SCAN,
    VERSION,
    BasisForm,
    asked,
    offer_bases,
    subjects,
)
from console.pages.audits.packs import may_ask, scans_to_choose
from core.errors import AccessDenied, Denial
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor


class PackForm(BasisForm):
    """What the pack is to be of."""

    version = operations.text(
        "Version",
        required=False,
        help_text="Where it is of a version: workspace/kind/name/number, or with @alias.",
    )
    field_order = ("subject", "workspaces", "version", "as_of", "framework")


def ask(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Have a pack made."""
    actor = actor_of(request)
    if not may_ask(actor):
        right = Permission.RUN_SCAN.value
        raise AccessDenied(
            f"You hold the right {right} in no workspace.", denial=Denial(right, "pack", None)
        )
    form = PackForm(request.POST or None)
    offer_bases(form, actor, request, _subjects(actor, request))
    form.initial["version"] = request.GET.get("version", "")
    made: list[str] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made.append(str(request_pack(actor=actor, asked=asked(data, request)).uuid))
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


def _subjects(actor: Actor, request: HttpRequest) -> list[tuple[str, str]]:
    found = subjects(actor, request)
    if VERSION not in dict(found):
        found.append((VERSION, "the version below"))
    return [*found, *((f"{SCAN}:{uuid}", f"the scan {of}") for uuid, of in scans_to_choose(actor))]
