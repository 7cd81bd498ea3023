"""Ask for a report."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from audits.dossiers.formats import formats_of
from audits.queries.frameworks import frameworks
from audits.queries.scope import scan_by_uuid
from audits.reports.formats import FORMATS
from audits.reports.offered import refusal, standard
from audits.services import reports
from audits.services.report_bases import Asked
from console.pages.acts.fields import offer, several
from console.pages.audits.reports import purpose
from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission
from registry.queries.versions import resolve

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import Report
    from core.actors import Actor

EVERYTHING, SOME = "organisation", "workspaces"


class MomentField(forms.DateTimeField):
    """A moment, which the browser's own field asks for, taken as UTC."""

    def __init__(self, label: str, *, help_text: str = "") -> None:
        widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": "1"})
        super().__init__(label=label, help_text=help_text, required=False, widget=widget)

    def clean(self, value: Any) -> datetime | None:
        """Return the moment, None where nothing was written."""
        found: datetime | None = super().clean(value)
        return found.replace(tzinfo=UTC) if found else None


class AskForm(forms.Form):
    """What the report is to tell of, as of when, in which files."""

    subject = operations.choice("Of what")
    workspaces = several("Workspaces", [], help_text="Where the report is of workspaces.")
    as_of = MomentField(
        "As of",
        help_text="UTC. Rests on the newest complete scan by then. Empty: a new scan of the state"
        " as it is, and of a version the newest scan that there is.",
    )
    framework = operations.choice("Framework", required=False)
    formats = several("Files", [])


def ask(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Ask for a report of the organisation, of workspaces, of a scan or of a version."""
    actor = actor_of(request)
    made: list[Report] = []
    scan, version = request.GET.get("scan", ""), request.GET.get("version", "")
    form = AskForm(request.POST or None)
    _choose(form, actor, request, scan=scan, version=version)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        asked = _asked(data, scan=scan, version=version)
        made.append(reports.request(actor=actor, asked=asked, formats=data["formats"] or None))
        return messages.SUCCESS, "Asked for. The worker makes it in the background."

    listed = reverse("admin:console_reports")
    operation = operations.Operation(
        "Ask for a report",
        "Ask",
        call,
        back=lambda: reverse("admin:console_report", args=[made[0].uuid]),
        cancel=listed,
        intro="It tells of the whole population with evidence, exceptions and what is in"
        " production. The same basis gives the same bytes.",
    )
    return operations.answer(request, operation, form, site=site)


def _asked(data: dict[str, Any], *, scan: str, version: str) -> Asked:
    subject = data["subject"]
    return Asked(
        scan=UUID(scan) if subject == "scan" else None,
        version=version if subject == "version" else None,
        workspaces=data["workspaces"] if subject == SOME else None,
        is_organisation=subject == EVERYTHING,
        as_of=data["as_of"],
        framework=data["framework"],
    )


def _choose(form: AskForm, actor: Actor, request: HttpRequest, *, scan: str, version: str) -> None:
    """Offer what the user may ask for; a scan or version that the address names comes first."""
    subjects, kind = [], None
    if scan:
        subjects.append(("scan", f"the scan: {scan_by_uuid(actor, _uuid(scan))}"))
    if version:
        kind = resolve(actor, version).asset.kind
        subjects.append(("version", f"the version {version}"))
    subjects.append((SOME, "the workspaces below"))
    if access.administers_organisation(actor):
        subjects.append((EVERYTHING, "the whole organisation"))
    places = access.visible_workspaces(actor, permission=Permission.RUN_SCAN).order_by("slug")
    slugs = [(slug, slug) for slug in places.values_list("slug", flat=True)]
    known = [("", "all of them"), *((each.name, each.title) for each in frameworks().values())]
    names = [*FORMATS, *(formats_of(kind) if kind else ())]
    offered = [name for name in names if not refusal(name, kind=kind, is_assessed=True)]
    for field, choices in (
        ("subject", subjects),
        ("workspaces", slugs),
        ("framework", known),
        ("formats", [(name, f"{name}: {purpose(name)}") for name in offered]),
    ):
        offer(form, field, choices)
    form.initial = {
        "subject": subjects[0][0],
        "workspaces": request.GET.getlist("workspace"),
        "framework": request.GET.get("framework", ""),
        "formats": [] if kind else standard(kind=None, is_assessed=True),
    }
    if kind:
        form.fields["formats"].help_text = "None: all that there can be of this version."


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
