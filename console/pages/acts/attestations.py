"""Attest whether a manual rule is kept, with evidence; end an attestation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from console.pages.acts.exemptions import DayField
from console.pages.acts.fields import offer
from console.pages.policies.assignments import seen
from core.errors import NotFound
from policies.models import Attestation, Effect, Resource
from policies.queries.assignments import reaches, rules_of
from policies.queries.attested import visible_attestations
from policies.services import attestations
from policies.services.evidence import Evidence, File
from policies.services.scopes import LONGEST
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from policies.models import Assignment


class AddressesField(forms.CharField):
    """A piece of evidence per line: its title, then its address."""

    def clean(self, value: Any) -> list[Evidence]:
        """Return the pieces; raises ValidationError for a line that is none."""
        found = []
        for line in super().clean(value).splitlines():
            title, _, uri = line.strip().rpartition(" ")
            if line.strip() and not title.strip():
                text = f"“{line.strip()[:100]}” is no title and address."
                raise forms.ValidationError(text)
            if line.strip():
                found.append(Evidence(title=title.strip(), uri=uri))
        return found


class AttestForm(forms.Form):
    """What is said about which rule, until when, and what shows it."""

    workspace = operations.choice("Workspace")
    reference_id = operations.choice("Rule", required=False)
    resource = operations.choice("Only about this resource", required=False)
    state = operations.choice("It is", [("compliant", "kept"), ("non_compliant", "not kept")])
    comments = operations.prose("How you know", required=False, rows=3)
    owner = operations.text(
        "Who answers for it",
        required=False,
        help_text="A username; you, unless given. Is warned before it expires.",
    )
    expires_at = DayField(
        "Counts until", help_text=f"At most {LONGEST.days} days away. Then the rule is unknown."
    )
    file = forms.FileField(
        label="Evidence: a file",
        required=False,
        widget=UnfoldAdminFileFieldWidget(),
        help_text="Is kept by its digest, and never changed.",
    )
    addresses = AddressesField(
        label="Evidence: addresses",
        required=False,
        help_text="One a line: a title, a space, the address.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False)


def attest(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say whether a manual rule of an assignment is kept."""
    actor = actor_of(request)
    found = seen(actor, uuid)
    asked = {name: request.GET.get(name, "") for name in ("workspace", "reference_id")}
    form = AttestForm(request.POST or None, request.FILES or None, initial=asked)
    _choose(form, actor, found)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        about = attestations.About(
            assignment=uuid,
            workspace=data.pop("workspace"),
            reference_id=data.pop("reference_id", ""),
            resource=data.pop("resource") or None,
        )
        evidence = [*data.pop("addresses"), *_files(data.pop("file"))]
        statement = attestations.Statement(**data)
        attestations.attest(actor=actor, about=about, statement=statement, evidence=evidence)
        return messages.SUCCESS, "Attested: the rule answers by it from now on."

    back = reverse("admin:console_policy_assignment", args=[uuid])
    operation = operations.Operation(
        "Attest a manual rule",
        "Attest",
        call,
        back,
        back,
        intro=f"For {found.reference} over {found.place}. An earlier attestation about the very"
        " same ends, and stays on record.",
    )
    return operations.answer(request, operation, form, site=site)


def _files(file: UploadedFile[bytes] | None) -> list[Evidence]:
    if file is None:
        return []
    kept = File(
        chunks=file.chunks(), size=file.size or 0, media_type=(file.content_type or "")[:200]
    )
    return [Evidence(title=(file.name or "file")[-200:], file=kept)]


def _choose(form: AttestForm, actor: Actor, found: Assignment) -> None:
    """Offer the manual rules, and where the user may attest them."""
    held = access.visible_workspaces(actor, permission=Permission.ASSIGN_POLICY).order_by("slug")
    places = [place for place in held if reaches(found, place)]
    resources = Resource.objects.filter(
        workspace__in=[place.pk for place in places], retired_at__isnull=True
    ).select_related("workspace")
    offered = [
        (str(each.uuid), f"{each.workspace.slug}: {each}")
        for each in resources.order_by("workspace__slug", "type", "external_id")[:500]
    ]
    rules = [rule for rule in rules_of(found) if rule.effect == Effect.MANUAL]
    choices: dict[str, Any] = {
        "workspace": [(place.slug, place.slug) for place in places],
        "resource": [("", "All that it judges"), *offered],
        "reference_id": [(each.reference_id, each.policy_version.title) for each in rules],
    }
    for name, given in choices.items():
        offer(form, name, given)


def end(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an attestation before its time."""
    actor = actor_of(request)
    found: Attestation | None = visible_attestations(actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound

    def call(data: dict[str, Any]) -> tuple[int, str]:
        attestations.end(actor=actor, attestation=uuid, **data)
        return messages.SUCCESS, "It counts no more; it stays on record."

    back = reverse("admin:console_policy_assignment", args=[found.assignment.uuid])
    operation = operations.Operation(
        f"End the attestation in {found.workspace.slug}",
        "End it",
        call,
        back,
        back,
        intro=f"{found.attested_by.username} attested {found.get_state_display().lower()}"
        f" until {found.expires_at:%d %b %Y}.",
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)
