"""Reports: those that are there, and one with its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator

from audits.queries.scope import report_by_uuid, visible_reports
from audits.reports.offered import form_of
from console.pages.shell import page
from console.pages.trails import trail_across
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import Report
    from core.actors import Actor

SHOWN = 50
OPEN = frozenset({"waiting", "queued", "running"})
# What each file is for, in the order in which people look for it.
PURPOSES = {
    "html": "to read and to print: charts, controls, gaps, exceptions, lineage, how to verify it",
    "pdf": "a summary of thirty pages at most",
    "pdf-annex": "the results as a printed table, the worst first",
    "json": "everything, as canonical JSON",
    "csv": "a row for each result, to sample and to pivot",
    "oscal-results": "OSCAL assessment results, for tools of governance",
    "oscal-poam": "OSCAL plan of action and milestones: what is to be mended",
    "sarif": "SARIF 2.1.0, for tools that read findings",
    "junit": "JUnit XML, for continuous integration",
    "dossier": "all that is on record about the version, as canonical JSON",
}


@dataclass(frozen=True)
class Shown:
    """A file: ``is_page`` ones are read in the browser."""

    name: str
    purpose: str
    digest: str
    size: int
    is_page: bool


def may_ask(actor: Actor) -> bool:
    """Tell whether the actor may have reports made of anything."""
    reach = access.visible_workspaces(actor, permission=Permission.RUN_SCAN)
    return access.administers_organisation(actor) or reach.exists()


def purpose(name: str) -> str:
    """Return what a file of that format is for."""
    return PURPOSES.get(name, "what is on record about the version")


def subject(report: Report) -> str:
    """Return what a report is about, in a few words; its version and workspaces are loaded."""
    if report.about is not None:
        return str(reference_of(report.about))
    slugs = sorted(place.slug for place in report.workspaces.all())
    if len(slugs) > 3:
        return f"{', '.join(slugs[:3])} and {len(slugs) - 3} more"
    return ", ".join(slugs) or "no workspace"


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the reports that the user may see, newest first."""
    actor = actor_of(request)
    rows = Paginator(visible_reports(actor).order_by("-id"), SHOWN)
    found = rows.get_page(request.GET.get("page", "1"))
    return page(
        site,
        request,
        "console/audit_reports.html",
        title="Reports",
        reports=found,
        shown=[(each, subject(each)) for each in found],
        may_ask=may_ask(actor),
    )


def report(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one report; while it is made the page looks again by itself."""
    actor = actor_of(request)
    found = report_by_uuid(actor, uuid)
    return page(
        site,
        request,
        "console/audit_report.html",
        title="Report",
        report=found,
        subject=subject(found),
        workspaces=sorted(found.workspaces.all(), key=lambda place: place.slug),
        is_open=found.status in OPEN,
        trail=trail_across(actor, evidence=found.uuid),
        files=_files(found),
        error=_error(found),
    )


def _files(report: Report) -> list[Shown]:
    order = {name: index for index, name in enumerate(PURPOSES)}
    files = sorted(report.files.all(), key=lambda each: (order.get(each.format, 99), each.format))
    return [
        Shown(
            file.format,
            purpose(file.format),
            file.digest,
            file.size,
            form_of(file.format).is_page,
        )
        for file in files
    ]


def _error(report: Report) -> str:
    if report.status != "failed":
        return ""
    task = report.task or (report.scan.task if report.scan else None)
    return task.error.strip().rpartition("\n")[2] if task else ""
