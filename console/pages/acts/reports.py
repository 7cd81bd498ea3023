"""Ask for a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.urls import reverse

from audits.dossiers.formats import formats_of
from audits.reports.formats import FORMATS
from audits.reports.offered import refusal, standard
from audits.services import reports
from console.pages.acts.bases import BasisForm, asked, offer_bases, subjects
from console.pages.acts.fields import offer, several
from console.pages.audits.reports import purpose
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.queries.versions import resolve

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import Report
    from core.actors import Actor


class AskForm(BasisForm):
    """What the report is to tell of, as of when, in which files."""

    formats = several("Files", [])


def ask(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Ask for a report of the organisation, of workspaces, of a scan or of a version."""
    actor = actor_of(request)
    made: list[Report] = []
    form = AskForm(request.POST or None)
    offer_bases(form, actor, request, subjects(actor, request))
    _offer_formats(form, actor, version=request.GET.get("version", ""))

    def call(data: dict[str, Any]) -> tuple[int, str]:
        wanted = asked(data, request)
        made.append(reports.request(actor=actor, asked=wanted, formats=data["formats"] or None))
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


def _offer_formats(form: AskForm, actor: Actor, *, version: str) -> None:
    kind = resolve(actor, version).asset.kind if version else None
    names = [*FORMATS, *(formats_of(kind) if kind else ())]
    offered = [name for name in names if not refusal(name, kind=kind, is_assessed=True)]
    offer(form, "formats", [(name, f"{name}: {purpose(name)}") for name in offered])
    form.initial["formats"] = [] if kind else standard(kind=None, is_assessed=True)
    if kind:
        form.fields["formats"].help_text = "None: all that there can be of this version."
