"""What an assignment would find and do: how far the work is, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator

from console.pages.policies.assignments import may_assign_somewhere
from console.pages.shell import page
from policies.models import Assignment, Would
from policies.queries.what_ifs import results_of, visible_what_ifs, what_if_by_uuid
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

SHOWN = 50
TERMS = ("scope", "policy", "set", "effect", "kinds", "tags", "overrides", "excluded", "message")


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the user's own what-ifs, newest first."""
    actor = actor_of(request)
    rows = visible_what_ifs(actor).filter(requested_by=actor.user).order_by("-id")[:SHOWN]
    return page(
        site,
        request,
        "console/what_ifs.html",
        title="What if",
        asked=rows,
        may_ask=may_assign_somewhere(actor),
    )


def what_if(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one what-if; while it is at work the page looks again by itself."""
    actor = actor_of(request)
    found = what_if_by_uuid(actor, uuid)
    would = request.GET.get("would", "")
    rows = results_of(found, actor).order_by("id")
    if would in Would.values:
        rows = rows.filter(would=would)
    # Results come with the counts at the end: before it there is nothing whole to show.
    results = Paginator(rows if found.completed_at else rows.none(), SHOWN)
    return page(
        site,
        request,
        "console/what_if.html",
        title="What if",
        what_if=found,
        terms=[
            (name, found.terms[name])
            for name in TERMS
            if found.terms.get(name) not in ("", [], {}, None)
        ],
        results=results.get_page(request.GET.get("page", "1")),
        would=would,
        is_open=found.status in {"queued", "running"},
        made=Assignment.objects.filter(uuid=found.uuid).first(),
    )
