"""Scans with their progress, and when they start by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.queries.schedules import next_run, terms_of, visible_schedules
from audits.queries.scope import visible_scans
from console.pages.shell import page
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

SHOWN = 30
OPEN = {"queued", "running"}


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the scans of workspaces all of which the user may scan, the newest first."""
    actor = actor_of(request)
    text = request.GET.get("after", "")
    rows = visible_scans(actor).order_by("-id")
    if text.isascii() and text.isdecimal() and len(text) < 19:
        rows = rows.filter(pk__lt=int(text))
    found = list(rows[: SHOWN + 1])
    planned = visible_schedules(actor).order_by("name")
    return page(
        site,
        request,
        "console/audit_scans.html",
        title="Scans",
        scans=found[:SHOWN],
        after=found[SHOWN - 1].pk if len(found) > SHOWN else None,
        schedules=[(each, terms_of(each), next_run(each)) for each in planned],
        is_open=any(each.status in OPEN for each in found),
        may_scan=access.visible_workspaces(actor, permission=Permission.RUN_SCAN).exists(),
    )
