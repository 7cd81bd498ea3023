"""Streams of the journal: where it goes, how far each receiver is, what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audits.services.streams import managing, operating
from console.pages.shell import page
from core.errors import NotFound
from registry import access
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

SHOWN_LETTERS = 50


def may_manage(actor: Actor) -> bool:
    """Tell whether the way to streams is shown: to administrators of the organisation."""
    return access.administers_organisation(actor)


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return every stream and its lag; raises AccessDenied to all but administrators."""
    rows: list[Any] = list(operating.streams(actor_of(request)).order_by("name"))
    return page(
        site,
        request,
        "console/audit_streams.html",
        title="Streams",
        streams=rows,
        waiting=sum(max(0, row.behind) for row in rows if row.state == "active"),
        failing=sum(bool(row.error) for row in rows),
        dead=sum(row.dead for row in rows),
    )


def stream(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one with what its receiver refused; raises as the list does, and NotFound."""
    actor = actor_of(request)
    managing.managed(actor, uuid)
    found = operating.streams(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    slugs = operating.slugs()
    letters = found.letters.filter(resolved_at__isnull=True).select_related("entry")
    return page(
        site,
        request,
        "console/audit_stream.html",
        title="Stream",
        stream=found,
        workspaces=[slugs.get(each, each) for each in found.workspaces],
        letters=letters.order_by("-failed_at")[:SHOWN_LETTERS],
    )
