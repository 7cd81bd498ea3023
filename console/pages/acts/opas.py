"""Register an OPA, let it pull something else, give it another token, retire it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone

from console.pages.acts.fields import ObjectField, WordsField, number, offer, words, yes_no
from console.pages.shell import page
from policies.queries.fleet import opa_by_uuid
from policies.services.fleet import opas
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from policies.models import Opa
    from policies.services.fleet.opas import Issued

DAYS = 365


def sources() -> WordsField:
    """Return the field for what is pulled."""
    return words(
        "Pulls",
        help_text="Between commas: policy/name, set/name, or with the number of a version as in"
        " set/name/3. Nothing stands for what is assigned in the workspace.",
    )


def masks() -> WordsField:
    """Return the field for what is taken out of decisions."""
    return words(
        "Takes out of its decisions",
        help_text="Between commas: places such as /input/person or /input/messages/*/content."
        " What looks like a secret is taken out anyway.",
        required=False,
    )


class RegisterForm(forms.Form):
    """What is called how, and what it pulls."""

    name = operations.text("Name", help_text="Lower-case letters, digits, hyphens; for good.")
    workspace = operations.choice(
        "Workspace", help_text="Its assignments give parameters and effects."
    )
    sources = sources()
    labels = ObjectField("Labels", help_text="Such as “region: eu”; OPA sends them.", rows=3)
    masks = masks()
    is_signed = yes_no("Signed bundles")
    days = number("Its token ends after days", 1, 3650)
    reason = operations.text("Reason", required=False)


class SourcesForm(forms.Form):
    """What it pulls from now on."""

    sources = sources()
    reason = operations.text("Reason", required=False)


class MasksForm(forms.Form):
    """What it takes out from now on."""

    masks = masks()
    reason = operations.text("Reason", required=False)


class TokenForm(forms.Form):
    """How long the token is good."""

    days = number("It ends after days", 1, 3650, required=True)


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.text("Reason", required=False)


def register(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Register an OPA, and show its token this once."""
    actor = actor_of(request)
    made: list[Issued] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        days = data.pop("days")
        ends = timezone.now() + timedelta(days=days) if days else None
        made.append(opas.register(actor=actor, expires_at=ends, **data))
        return messages.SUCCESS, f"{made[0].opa.name} is registered."

    listed = reverse("admin:console_fleet")
    start = {"workspace": request.GET.get("workspace", ""), "is_signed": True, "days": DAYS}
    form = RegisterForm(request.POST or None, initial=start)
    places = access.visible_workspaces(actor).order_by("slug").values_list("slug", flat=True)
    offer(form, "workspace", [(slug, slug) for slug in places])
    operation = operations.Operation("Register an OPA", "Register", call, listed, listed)
    answer = operations.answer(request, operation, form, site=site)
    return _token(site, request, made[0]) if made else answer


def issue(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Issue one more token, and show it this once."""
    actor = actor_of(request)
    made: list[Issued] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        ends = timezone.now() + timedelta(days=data["days"])
        made.append(opas.issue_token(actor=actor, opa=uuid, expires_at=ends))
        return messages.SUCCESS, "Another token is made; revoke the earlier one when it is unused."

    form = TokenForm(request.POST or None, initial={"days": DAYS})
    operation = _operation(opa_by_uuid(actor, uuid), "Another token for {}", "Issue", call)
    answer = operations.answer(request, operation, form, site=site)
    return _token(site, request, made[0]) if made else answer


def _token(site: AdminSite, request: HttpRequest, issued: Issued) -> HttpResponse:
    """Answer the form with the token: only its hash is stored, and no address shows it again."""
    shown = page(
        site,
        request,
        "console/opa_token.html",
        title=f"The token of {issued.opa.name}",
        opa=issued.opa,
        token=issued.token,
    )
    shown.headers["Cache-Control"] = "no-store"
    return shown


def pull(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let it pull something else."""
    actor = actor_of(request)
    found = opa_by_uuid(actor, uuid, permission=Permission.ASSIGN_POLICY)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        opas.pull(actor=actor, opa=uuid, **data)
        return messages.SUCCESS, "It pulls that from its next request on."

    pulled = ", ".join(each.reference for each in found.pulled)  # type: ignore[attr-defined]
    form = SourcesForm(request.POST or None, initial={"sources": pulled})
    operation = _operation(found, "What {} pulls", "Save", call)
    return operations.answer(request, operation, form, site=site)


def mask(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let it take other places out of its decisions."""
    actor = actor_of(request)
    found = opa_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        opas.mask(actor=actor, opa=uuid, **data)
        return messages.SUCCESS, "It takes that out from its next bundle on."

    form = MasksForm(request.POST or None, initial={"masks": ", ".join(found.masks)})
    operation = _operation(found, "What {} takes out of its decisions", "Save", call)
    return operations.answer(request, operation, form, site=site)


def retire(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close its account."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        opas.retire(actor=actor, opa=uuid, **data)
        return messages.SUCCESS, "It is retired; what it told stays."

    form = ReasonForm(request.POST if request.method == "POST" else None)
    operation = _operation(opa_by_uuid(actor, uuid), "Retire {}", "Retire", call, danger=True)
    return operations.answer(request, operation, form, site=site)


def _operation(
    found: Opa, title: str, submit: str, call: Any, *, danger: bool = False
) -> operations.Operation:
    here = reverse("admin:console_opa", args=[found.uuid])
    intro = "None of its tokens opens anything any more." if danger else ""
    return operations.Operation(
        title.format(found.name), submit, call, here, here, intro=intro, danger=danger
    )
