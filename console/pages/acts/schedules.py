"""Start a scan, and have scans start by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from audits.queries.schedules import schedule_by_uuid, tag_of, terms_of
from audits.services import scan_schedules, scans
from console.pages.acts.fields import number, offer, several, yes_no
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

TERMS = ("name", "workspaces", "cron", "timezone", "every_minutes", "enabled")


class StartForm(forms.Form):
    """Of what."""

    workspaces = several("Workspaces", [], help_text="None: all in which you may run scans.")


class ScheduleForm(forms.Form):
    """What to scan, and when."""

    name = operations.text("Name", max_length=150)
    workspaces = several("Workspaces", [])
    cron = operations.text(
        "At times",
        required=False,
        max_length=250,
        help_text="As cron has it: minute, hour, day of month, month, day of week. 30 2 * * * is"
        " every night at half past two.",
    )
    timezone = operations.text("Time zone", required=False, help_text="Such as Europe/Vienna.")
    every_minutes = number("Or every so many minutes", 5, 527_040)
    enabled = yes_no("Switched on")
    expected = forms.CharField(required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False)


def start(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Start a scan in the background."""
    actor = actor_of(request)
    back = reverse("admin:console_scans")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        scans.start(actor=actor, workspaces=data["workspaces"] or None)
        return messages.SUCCESS, "Started; the worker does it in the background."

    form = StartForm(request.POST if request.method == "POST" else None)
    offer(form, "workspaces", _places(actor))
    operation = operations.Operation("Start a scan", "Start", call, back, back)
    return operations.answer(request, operation, form, site=site)


def add(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Have scans start by themselves."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        added = scan_schedules.add(actor=actor, terms=_terms(data))
        return messages.SUCCESS, f"{added.name} is set."

    initial = {"timezone": "UTC", "enabled": True}
    form = _form(request, actor, initial)
    return _answer(site, request, form, call, title="Schedule scans", submit="Schedule")


def change(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a schedule, or switch it on or off."""
    actor = actor_of(request)
    found = schedule_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        expected = frozenset([data["expected"]])
        changes = _terms(data)
        scan_schedules.change(actor=actor, schedule=uuid, changes=changes, expected=expected)
        return messages.SUCCESS, "Changed."

    form = _form(request, actor, {**terms_of(found), "expected": tag_of(found)})
    return _answer(site, request, form, call, title=f"Change {found.name}", submit="Save")


def remove(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a schedule start no more scans."""
    actor = actor_of(request)
    found = schedule_by_uuid(actor, uuid)
    back = reverse("admin:console_scans")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        scan_schedules.remove(actor=actor, schedule=uuid, **data)
        return messages.SUCCESS, "Removed; the scans that it started stay."

    operation = operations.Operation(
        f"Remove {found.name}",
        "Remove",
        call,
        back,
        back,
        intro="To pause it, switch it off instead.",
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def _form(request: HttpRequest, actor: Actor, initial: dict[str, Any]) -> ScheduleForm:
    form = ScheduleForm(request.POST or None, initial=initial)
    places: Any = form.fields["workspaces"]
    places.choices = _places(actor)
    whole = "None: the whole organisation." if access.administers_organisation(actor) else ""
    places.help_text = whole or "At least one."
    return form


def _places(actor: Actor) -> list[tuple[str, str]]:
    reach = access.visible_workspaces(actor, permission=Permission.RUN_SCAN).order_by("slug")
    return [(place.slug, place.slug) for place in reach]


def _terms(data: dict[str, Any]) -> dict[str, Any]:
    given = {name: data[name] for name in TERMS}
    return {
        **given,
        "workspaces": given["workspaces"] or None,
        "cron": given["cron"] or None,
        "timezone": given["timezone"] or "UTC",
    }


def _answer(
    site: AdminSite,
    request: HttpRequest,
    form: ScheduleForm,
    call: Any,
    *,
    title: str,
    submit: str,
) -> HttpResponse:
    back = reverse("admin:console_scans")
    intro = "The service itself does them, in the workspaces that are named here."
    operation = operations.Operation(title, submit, call, back, back, intro=intro)
    return operations.answer(request, operation, form, site=site)
