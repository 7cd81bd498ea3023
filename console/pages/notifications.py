"""What the user was told of, is asked to do, and watches."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from console.pages.changes import short
from console.pages.shell import page
from console.pages.subjects import page_named, page_of
from console.pages.verbs import WORDS
from registry import access
from registry.admin.mixin import actor_of
from registry.models import Assignment, Watch
from registry.queries.notifications import own_notifications, unread_count
from registry.queries.subjects import SUBJECT_ROWS, subject_behind
from registry.services import watches
from registry.services.notices import reading

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from registry.models import Notification

SHOWN = 50
# What is decided where all decisions are.
TO_DECIDE = frozenset({"registry.access_request.made", "registry.promotion_rule.proposed"})
# Which findings each reminder is about, as their list is asked for them.
REMINDERS = {"audits.finding.due_soon": "soon", "audits.finding.overdue": "overdue"}


def inbox(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the newest notifications, the open assignments and the watches of the user."""
    actor = actor_of(request)
    unread_only = request.GET.get("show") == "unread"
    rows = own_notifications(actor).order_by("-id")
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    # One row more than is shown tells whether there is a next page: nothing is counted.
    number = _page_number(request.GET.get("page", ""))
    found = list(rows[(number - 1) * SHOWN : number * SHOWN + 1])
    return page(
        site,
        request,
        "console/notifications.html",
        title="Notifications",
        lines=[(each, _verb(each), short(each.subject)) for each in found[:SHOWN]],
        newest=found[0] if found and number == 1 else None,
        unread=unread_count(actor),
        unread_only=unread_only,
        number=number,
        has_more=len(found) > SHOWN,
        assignments=_assignments(actor),
        watches=_watches(actor),
    )


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 6 else 1


def _verb(notification: Notification) -> str:
    action = notification.action
    return WORDS.get(action) or action.rpartition(".")[2].replace("_", " ")


def _assignments(actor: Actor) -> list[tuple[Assignment, str, str]]:
    rows = Assignment.objects.filter(
        access.in_reach(actor), assignee=actor.user, closed_at__isnull=True
    ).select_related("assigned_by", *SUBJECT_ROWS)
    found = [(row, subject_behind(row)) for row in rows.order_by("-id")[:SHOWN]]
    return [(row, subject.reference, page_of(subject.row)) for row, subject in found]


def _watches(actor: Actor) -> list[Watch]:
    rows = Watch.objects.filter(access.in_reach(actor), user=actor.user)
    return list(rows.select_related("workspace", "asset__workspace").order_by("-id")[:SHOWN])


def follow(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Mark one as read, and go to what it is about."""
    if request.method != "POST":
        return redirect("admin:console_notifications")
    actor = actor_of(request)
    told = reading.read(actor=actor, notification=uuid)
    if told.action in TO_DECIDE:
        return redirect("admin:console_inbox")
    address = _findings_of(told) or page_named(actor, told.subject)
    if not address:
        messages.info(request, f"{short(told.subject)} has no page that you may see.")
    return redirect(address or "admin:console_notifications")


def _findings_of(told: Notification) -> str:
    """Return the list of the findings that a reminder of several is about, else nothing."""
    if told.action not in REMINDERS or "/" in told.subject:
        return ""
    who = {"workspace": told.subject, "who": REMINDERS[told.action]}
    return f"{reverse('admin:console_findings')}?{urlencode(who)}"


def read_all(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Mark as read what was told up to the notification ``uuid``, the newest on the page."""
    if request.method != "POST":
        return redirect("admin:console_notifications")
    reading.read_all(actor=actor_of(request), until=uuid)
    messages.success(request, "Marked as read.")
    return redirect("admin:console_notifications")


def watch(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Watch the asset or the workspace that the form names."""
    if request.method != "POST":
        return redirect("admin:console_notifications")
    actor = actor_of(request)
    names = {name: request.POST.get(name, "") for name in ("asset", "workspace")}
    made = watches.start(actor=actor, **names)
    messages.success(request, "You will be told of what happens here.")
    return redirect(_watched(made))


def unwatch(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End one of the user's watches."""
    if request.method != "POST":
        return redirect("admin:console_notifications")
    watches.stop(actor=actor_of(request), watch=uuid)
    messages.success(request, "You watch it no more.")
    return redirect("admin:console_notifications")


def _watched(made: Watch) -> str:
    if made.asset is not None:
        return page_of(made.asset)
    return reverse("admin:registry_workspace_change", args=[made.workspace_id])
