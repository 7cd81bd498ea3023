"""Import a framework, and say how a control is met."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from audits.api.parsers import MAX_CATALOG_BYTES
from audits.models import ControlStatement
from audits.queries.control_terms import mappings, visible_statements
from audits.queries.frameworks import control as known_control
from audits.services import control_terms, frameworks
from console.pages.acts.fields import offer
from core import plain_yaml
from core.denials import denial_of
from core.errors import DomainError, NotFound
from core.http import parsers
from core.http.compressed import inflated
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

STATES = {
    "implemented": "implemented: it is met",
    "partial": "partial: a part of it is met",
    "planned": "planned: it is not met yet",
    "not_applicable": "not applicable: it asks nothing of us",
}


class CatalogField(forms.FileField):
    """An OSCAL catalog, as JSON or YAML."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the document; raises ValidationError that says where the text is wrong."""
        file = super().clean(data, initial)
        limit = settings.MAX_BODY_BYTES
        body = file.read(limit + 1)
        if len(body) > limit:
            raise forms.ValidationError(f"The file is over the limit of {limit} bytes.")
        name = file.name.lower()
        try:
            if name.endswith(".gz"):
                name, body = name.removesuffix(".gz"), inflated(body, limit=MAX_CATALOG_BYTES)
            if name.endswith((".yaml", ".yml")):
                return plain_yaml.loads(body)
            return parsers.loads(body)
        except DomainError as error:
            raise forms.ValidationError(error.detail.replace("The body", "The file")) from error


class ImportForm(forms.Form):
    """A framework, and the file that it stands in."""

    name = operations.text(
        "Name",
        help_text="What policies write before the slash of a control, like house-rules/hr-1. A name"
        " that was imported before gets its next version.",
    )
    document = CatalogField(
        label="OSCAL catalog",
        help_text="OSCAL 1.0 to 1.2, as JSON or YAML, or either as .gz.",
        widget=UnfoldAdminFileFieldWidget,
    )
    reason = operations.prose("Reason", required=False)


def import_framework(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Import an OSCAL catalog as the next version of a framework; for administrators."""
    actor = actor_of(request)
    access.require_organisation_admin(actor, subject="frameworks")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made = frameworks.import_catalog(actor=actor, **data)
        controls = len(made.contents["controls"])
        return messages.SUCCESS, f"Version {made.number} with {controls} controls is imported."

    back = reverse("admin:console_frameworks")
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        initial={"name": request.GET.get("name", "")[:100]},
    )
    operation = operations.Operation(
        "Import a framework",
        "Import",
        call,
        lambda: reverse("admin:console_framework", args=[form.cleaned_data["name"]]),
        back,
        intro="Versions are never changed: what was imported stays, and so does every answer about"
        " an earlier time.",
    )
    return operations.answer(request, operation, form, site=site)


class StateForm(forms.Form):
    """How a control is met."""

    workspace = operations.choice("Where", required=False)
    state = operations.choice("State", STATES.items())
    text = operations.prose("How it is met", help_text="An auditor reads it.")
    evidence_uri = operations.text(
        "Evidence", required=False, help_text="An address, like that of a document."
    )
    owner = operations.text(
        "Who answers for it", required=False, help_text="A username; you, unless given."
    )
    expires_at = forms.DateField(
        label="Until",
        help_text=f"At most {control_terms.LONGEST.days} days away. Then it counts no more.",
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )

    def clean_expires_at(self) -> datetime:
        """Return the last moment of the day."""
        return datetime.combine(self.cleaned_data["expires_at"], time.max, tzinfo=UTC)


def state_control(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Say how the control of the address is met; what was said of it there before ends."""
    actor = actor_of(request)
    control = known_control(request.GET.get("control", "")[:400])
    if control is None:
        raise NotFound
    places = access.visible_workspaces(actor, permission=Permission.ASSIGN_POLICY)
    choices = [(place.slug, place.slug) for place in places.order_by("slug")]
    if access.administers_organisation(actor):
        choices.insert(0, ("", "The whole organisation"))
    form = StateForm(
        request.POST or None,
        initial={
            "workspace": request.GET.get("workspace", ""),
            "expires_at": (timezone.now() + timedelta(days=365)).date(),
        },
    )
    offer(form, "workspace", choices)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        workspace = data.pop("workspace")
        terms = control_terms.StatementTerms(**data)
        made = control_terms.state_control(
            actor=actor, control=control.reference, terms=terms, workspace=workspace
        )
        said = ControlStatement.State(made.state).label.lower()
        return messages.SUCCESS, f"{control.name} is stated as {said}."

    back = reverse("admin:console_framework", args=[control.framework]) + f"#{control.name}"
    operation = operations.Operation(
        f"{control.name} {control.title}".strip(),
        "State",
        call,
        back,
        back,
        intro="What was stated of it in the same place before ends, and stays on record.",
    )
    return operations.answer(request, operation, form, site=site)


class MapForm(forms.Form):
    """A policy that supports a control."""

    policy = operations.text(
        "Policy", help_text="The name of a policy whose METADATA does not name the control."
    )
    reason = operations.prose("Why it supports the control")


def map_policy(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Map a policy to the control of the address; for administrators."""
    actor = actor_of(request)
    control = known_control(request.GET.get("control", "")[:400])
    if control is None:
        raise NotFound
    access.require_organisation_admin(actor, subject=f"control/{control.reference}")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made = control_terms.map_policy(actor=actor, control=control.reference, **data)
        return messages.SUCCESS, f"{made.policy.name} supports {control.name} from now on."

    back = reverse("admin:console_framework", args=[control.framework]) + f"#{control.name}"
    held = mappings().filter(
        framework=control.framework, control=control.name, valid_to__isnull=True
    )
    names = ", ".join(sorted(each.policy.name for each in held))
    operation = operations.Operation(
        f"Map a policy to {control.name}",
        "Map",
        call,
        back,
        back,
        intro=f"Mapped to it: {names}." if names else "No policy is mapped to it.",
    )
    return operations.answer(request, operation, MapForm(request.POST or None), site=site)


class EndForm(forms.Form):
    """Why it counts no more."""

    reason = operations.prose("Reason", rows=2)


def end_mapping(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a mapping count no more; for administrators."""
    actor = actor_of(request)
    access.require_organisation_admin(actor, subject=f"control_mapping/{uuid}")
    found = mappings().filter(uuid=uuid).first()
    if found is None:
        raise NotFound

    def call(data: dict[str, Any]) -> tuple[int, str]:
        control_terms.end_mapping(actor=actor, mapping=uuid, reason=data["reason"])
        return messages.SUCCESS, f"{found.policy.name} supports {found.control} no more."

    return _end(
        site,
        request,
        found.reference,
        title=f"End the mapping of {found.policy.name} to {found.control}",
        intro="From now on the policy says nothing for the control; that it did stays on record.",
        call=call,
    )


def end_statement(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Let a statement of how a control is met count no more."""
    actor = actor_of(request)
    found = visible_statements(actor).filter(uuid=uuid).first()
    if found is None:
        look = {"permission": Permission.VIEW.value, "workspace_path": "workspace"}
        raise NotFound(denial=denial_of(ControlStatement, {"uuid": uuid}, **look))
    place = found.workspace.slug if found.workspace else "the whole organisation"

    def call(data: dict[str, Any]) -> tuple[int, str]:
        control_terms.end_statement(actor=actor, statement=uuid, reason=data["reason"])
        return messages.SUCCESS, f"The statement about {found.control} counts no more."

    return _end(
        site,
        request,
        found.reference,
        title=f"End the statement about {found.control}",
        intro=f"Nothing is stated of it in {place} from now on: without anything else that speaks"
        " for it, it is a gap. What was stated stays on record.",
        call=call,
    )


def _end(
    site: AdminSite,
    request: HttpRequest,
    control: str,
    *,
    title: str,
    intro: str,
    call: Callable[[dict[str, Any]], tuple[int, str]],
) -> HttpResponse:
    back = f"{reverse('admin:console_control')}?{urlencode({'control': control})}"
    operation = operations.Operation(title, "End", call, back, back, intro=intro, danger=True)
    return operations.answer(request, operation, EndForm(request.POST or None), site=site)
