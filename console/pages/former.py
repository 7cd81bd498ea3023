"""Lists and object pages that stood elsewhere: old addresses lead to the page of the thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.shortcuts import redirect
from django.urls import path

from audits import trail
from audits.models import Finding, Report, Scan
from audits.queries.scope import finding_by_uuid, report_by_uuid, scan_by_uuid
from console.pages.policies.assignments import seen
from core.errors import NotFound
from core.models import JournalEntry
from policies.models import Assignment, Exemption
from policies.queries.exemptions import visible_exemptions
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    from core.actors import Actor

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]


def _assignment_of_exemption(actor: Actor, uuid: UUID) -> Assignment:
    """The assignment that a visible exemption waives: its page shows both."""
    found = visible_exemptions(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found.assignment


@dataclass(frozen=True)
class Former:
    """Where rows of ``model`` stood; ``find`` returns the thing whose page is shown, by the row's
    public id, and raises NotFound where the actor may not see it."""

    address: str
    model: type[Model]
    find: Callable[[Actor, UUID], Any]
    listed: str
    page: str


FORMER = (
    Former("audits/finding", Finding, finding_by_uuid, "console_findings", "console_finding"),
    Former("audits/scan", Scan, scan_by_uuid, "console_scans", "console_scan"),
    Former("audits/report", Report, report_by_uuid, "console_reports", "console_report"),
    Former("core/journalentry", JournalEntry, trail.entry, "console_trail", "console_trail_entry"),
    Former(
        "policies/assignment",
        Assignment,
        seen,
        "console_policy_assignments",
        "console_policy_assignment",
    ),
    Former(
        "policies/exemption",
        Exemption,
        _assignment_of_exemption,
        "console_exemptions",
        "console_policy_assignment",
    ),
)


def addresses(show: Show) -> list[URLPattern]:
    """Return the old addresses, each leading on."""
    return [
        pattern
        for each in FORMER
        for pattern in (
            path(f"{each.address}/", show(partial(_list, each))),
            path(f"{each.address}/<int:pk>/change/", show(partial(_row, each))),
        )
    ]


def _list(former: Former, site: AdminSite, request: HttpRequest) -> HttpResponse:
    return redirect(f"{site.name}:{former.listed}")


def _row(former: Former, site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the page; a foreign row and a missing one are the same."""
    uuids: Any = QuerySet(former.model).filter(pk=pk).values_list("uuid", flat=True)
    uuid = uuids.first()
    if uuid is None:
        raise NotFound
    return redirect(f"{site.name}:{former.page}", former.find(actor_of(request), uuid).uuid)
