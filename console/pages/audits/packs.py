"""Evidence packs: those that are there, and one with what is in it and how to verify it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator

from audits.queries.log import first_log_key
from audits.queries.packs import pack_by_uuid, visible_packs
from audits.queries.scope import visible_scans
from console.pages.shell import page
from console.pages.trails import trail_across
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import Scan
    from core.actors import Actor

SHOWN = 50
# What is in a pack, in the words and the order in which people ask for it.
CONTENTS = (
    ("results", "results of policies"),
    ("findings", "findings among them"),
    ("decisions", "decisions, to be taken again"),
    ("entries", "journal entries with proofs"),
    ("files", "files in all"),
)


def may_ask(actor: Actor) -> bool:
    """Tell whether the actor may have packs made of anything."""
    reach = access.visible_workspaces(actor, permission=Permission.RUN_SCAN)
    return access.administers_organisation(actor) or reach.exists()


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the packs that the user may see, newest first."""
    actor = actor_of(request)
    rows = Paginator(visible_packs(actor).order_by("-id"), SHOWN)
    return page(
        site,
        request,
        "console/audit_packs.html",
        title="Evidence packs",
        packs=rows.get_page(request.GET.get("page", "1")),
        may_ask=may_ask(actor),
    )


def pack(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one pack; while it is made the page looks again by itself."""
    actor = actor_of(request)
    found = pack_by_uuid(actor, uuid)
    told = found.contents or {}
    status = found.status
    task = found.task or (found.scan.task if found.scan else None)
    return page(
        site,
        request,
        "console/audit_pack.html",
        title="Evidence pack",
        pack=found,
        trail=trail_across(actor, evidence=found.uuid),
        state=status,
        workspaces=sorted(place.slug for place in found.workspaces.all()),
        contents=[(words, told[name]) for name, words in CONTENTS if name in told],
        is_open=status in {"waiting", "queued", "running"},
        task=task,
        is_scanning=status == "waiting",
        error=task.error.strip().rpartition("\n")[2] if task and status == "failed" else "",
        vkey=first_log_key(),
    )


def scans_to_choose(actor: Actor) -> list[tuple[str, str]]:
    """Return the newest complete scans that the actor may see, as choices."""
    rows = visible_scans(actor).filter(completed_at__isnull=False).order_by("-id")[:SHOWN]
    return [(str(row.uuid), _told(row)) for row in rows]


def _told(scan: Scan) -> str:
    places = sorted(place.slug for place in scan.workspaces.all())
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return f"{scan.as_of:%Y-%m-%d %H:%M} of {', '.join(places[:3])}{more}"
