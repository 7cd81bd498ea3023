"""Choose what a report or a pack is to rest on."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from audits.queries.frameworks import frameworks
from audits.queries.scope import scan_by_uuid
from audits.services.report_bases import Asked
from console.pages.acts.fields import offer, several
from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest

    from core.actors import Actor

EVERYTHING, SOME, SCAN, VERSION = "organisation", "workspaces", "scan", "version"


class MomentField(forms.DateTimeField):
    """A moment, which the browser's own field asks for, taken as UTC."""

    def __init__(self, label: str, *, help_text: str = "") -> None:
        widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": "1"})
        super().__init__(label=label, help_text=help_text, required=False, widget=widget)

    def clean(self, value: Any) -> datetime | None:
        """Return the moment, None where nothing was written."""
        found: datetime | None = super().clean(value)
        return found.replace(tzinfo=UTC) if found else None


class BasisForm(forms.Form):
    """Of what, as of when, and of which framework."""

    subject = operations.choice("Of what")
    workspaces = several("Workspaces", [], help_text="Where it is of workspaces.")
    as_of = MomentField(
        "As of",
        help_text="UTC. Rests on the newest complete scan by then. Empty: a new scan of the state"
        " as it is, and of a version the newest scan that there is.",
    )
    framework = operations.choice("Framework", required=False)


def asked(data: dict[str, Any], request: HttpRequest) -> Asked:
    """Return what a `BasisForm` was filled in with; a scan or version may stand in the address."""
    subject, _, scan = data["subject"].partition(":")
    return Asked(
        scan=_uuid(scan or request.GET.get("scan", "")) if subject == SCAN else None,
        version=data.get("version") or request.GET.get("version") if subject == VERSION else None,
        workspaces=data["workspaces"] if subject == SOME else None,
        is_organisation=subject == EVERYTHING,
        as_of=data["as_of"],
        framework=data["framework"],
    )


def subjects(actor: Actor, request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the user may ask for; a scan or version that the address names comes first."""
    found = []
    if scan := request.GET.get("scan", ""):
        found.append((SCAN, f"the scan: {scan_by_uuid(actor, _uuid(scan))}"))
    if version := request.GET.get("version", ""):
        found.append((VERSION, f"the version {version}"))
    found.append((SOME, "the workspaces below"))
    if access.administers_organisation(actor):
        found.append((EVERYTHING, "the whole organisation"))
    return found


def offer_bases(
    form: BasisForm, actor: Actor, request: HttpRequest, offered: Iterable[tuple[str, str]]
) -> None:
    """Let ``form`` take these subjects, and the workspaces and frameworks that there are."""
    choices = list(offered)
    places = access.visible_workspaces(actor, permission=Permission.RUN_SCAN).order_by("slug")
    known = [("", "all of them"), *((each.name, each.title) for each in frameworks().values())]
    offer(form, "subject", choices)
    offer(form, "workspaces", [(slug, slug) for slug in places.values_list("slug", flat=True)])
    offer(form, "framework", known)
    form.initial = {
        "subject": choices[0][0],
        "workspaces": request.GET.getlist("workspace"),
        "framework": request.GET.get("framework", ""),
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
