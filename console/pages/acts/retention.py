"""Set and end rules of retention, place and release holds, let records go, erase a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from audits.api.serializers.retention import target_of
from audits.models import Hold
from audits.models.retention import MAX_DAYS
from audits.queries.holds import hold_by_uuid
from audits.queries.retention import RECORDS
from audits.services import erasure, holds, retention
from console.pages.acts.fields import number
from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse


class RuleForm(forms.Form):
    """How long; left empty, they are kept."""

    days = number(
        "Days",
        1,
        MAX_DAYS,
        help_text="Older records go, every night. Left empty, they are kept for good.",
    )
    reason = operations.prose("Reason", rows=2)


class HoldForm(forms.Form):
    """What is held, and why."""

    scope = operations.choice(
        "What", [(each.value, each.label) for each in Hold.Scope if each.value != "organisation"]
    )
    target = operations.text(
        "Which",
        required=False,
        help_text="The name of a workspace; workspace/kind/name of an asset, with /number of a "
        "version; the id of a scan or report; the name of an account.",
    )
    reason = operations.prose("Reason", rows=2)


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", rows=2)


class ErasureForm(forms.Form):
    """Who, and why."""

    account = operations.text("Account", help_text="Its name, or its id.")
    reason = operations.prose(
        "Reason", rows=2, help_text="It stays in the journal: it must not name the person."
    )


def _answer(
    site: AdminSite,
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    verb: str,
    call: Callable[[dict[str, Any]], tuple[int, str]],
    intro: str,
    danger: bool = False,
) -> HttpResponse:
    back = reverse("admin:console_retention")
    operation = operations.Operation(title, verb, call, back, back, intro=intro, danger=danger)
    return operations.answer(request, operation, form, site=site)


def set_rule(site: AdminSite, request: HttpRequest, record: str) -> HttpResponse:
    """Set how long records of a kind are kept, or end the rule."""
    actor = actor_of(request)
    access.require_organisation_admin(actor, subject="retention")
    known = RECORDS.get(record)
    if known is None:
        raise NotFound

    def call(data: dict[str, Any]) -> tuple[int, str]:
        if data["days"] is None:
            retention.end_rule(actor=actor, record=record, reason=data["reason"])
            return messages.SUCCESS, "They are kept from now on."
        retention.set_rule(actor=actor, record=record, **data)
        return messages.SUCCESS, "The rule holds; it is applied in the night."

    return _answer(
        site,
        request,
        RuleForm(request.POST or None),
        title=f"How long: {known.title.lower()}",
        verb="Set the rule",
        call=call,
        intro=f"{known.why} At least {known.least} day{'s' if known.least > 1 else ''}.",
    )


def preview(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Count what the rules would let go."""
    return _run(site, request, is_dry_run=True)


def apply(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Let go of what the rules say."""
    return _run(site, request, is_dry_run=False)


def _run(site: AdminSite, request: HttpRequest, *, is_dry_run: bool) -> HttpResponse:
    actor = actor_of(request)
    access.require_organisation_admin(actor, subject="retention")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        retention.request(actor=actor, is_dry_run=is_dry_run)
        return messages.SUCCESS, "It is done in the background; the numbers will stand below."

    return _answer(
        site,
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        title="Count what would go" if is_dry_run else "Apply the rules now",
        verb="Count" if is_dry_run else "Let go",
        call=call,
        intro="Nothing is changed."
        if is_dry_run
        else "What is older than its rule goes for good, but for what is in hold or referred to.",
        danger=not is_dry_run,
    )


def place_hold(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Place a hold."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        holds.place(actor=actor, **data)
        return messages.SUCCESS, "The hold is in force."

    form = HoldForm(request.POST or None, initial={"target": request.GET.get("target", "")})
    if access.administers_organisation(actor):
        scope = form.fields["scope"]
        assert isinstance(scope, forms.ChoiceField)
        scope.choices = [(each.value, each.label) for each in Hold.Scope]
    return _answer(
        site,
        request,
        form,
        title="Place a hold",
        verb="Place the hold",
        call=call,
        intro="Nothing of it is let go, and nobody who acted there is erased, until somebody else "
        "releases the hold.",
    )


def release_hold(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Release a hold that somebody else placed."""
    actor = actor_of(request)
    found = hold_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        holds.release(actor=actor, hold=uuid, **data)
        return messages.SUCCESS, "The hold is released."

    return _answer(
        site,
        request,
        ReasonForm(request.POST or None),
        title=f"Release the hold on {target_of(found) or 'the organisation'}",
        verb="Release",
        call=call,
        intro=f"Placed by {found.placed_by.username}: {found.reason}",
        danger=True,
    )


def erase(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Erase a person."""
    actor = actor_of(request)
    access.require_organisation_admin(actor, subject="erasure")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        erasure.erase(actor=actor, **data)
        return messages.SUCCESS, "The person is erased; what they did stays under an id."

    return _answer(
        site,
        request,
        ErasureForm(request.POST or None),
        title="Erase a person",
        verb="Erase for good",
        call=call,
        intro="Names, address, password, tokens and notifications go, and the account is closed. "
        "It cannot be undone. The journal keeps what was done, and every proof stays valid.",
        danger=True,
    )
