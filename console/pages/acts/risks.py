"""Put risks on the register, and revise, review, accept and link them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from audits.models import Risk
from audits.models.risk import MOVES, SCORES
from audits.models.risk_link import KINDS
from audits.queries.risks import risk_by_uuid, tag_of
from audits.services import risk_links, risks
from console.pages.acts.fields import offer
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import RiskRevision
    from core.preconditions import Expected

LIKELIHOODS = (
    ("1", "1 rare"),
    ("2", "2 unlikely"),
    ("3", "3 possible"),
    ("4", "4 likely"),
    ("5", "5 almost certain"),
)
IMPACTS = (
    ("1", "1 negligible"),
    ("2", "2 minor"),
    ("3", "3 moderate"),
    ("4", "4 major"),
    ("5", "5 severe"),
)
UNJUDGED = ("", "not judged yet")


def _day(label: str, *, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )


class TermsForm(forms.Form):
    """What is said of a risk."""

    title = operations.text("Title")
    description = operations.prose("What may go wrong", required=False)
    category = operations.choice("Category", Risk.Category.choices)
    inherent_likelihood = operations.choice("Likelihood before treatment", LIKELIHOODS)
    inherent_impact = operations.choice("Impact before treatment", IMPACTS)
    treatment = operations.choice(
        "Treatment", [("", "none yet"), *Risk.Treatment.choices], required=False
    )
    treatment_reason = operations.prose("Why that treatment", required=False, rows=3)
    residual_likelihood = operations.choice(
        "Likelihood after treatment", [UNJUDGED, *LIKELIHOODS], required=False
    )
    residual_impact = operations.choice(
        "Impact after treatment", [UNJUDGED, *IMPACTS], required=False
    )
    owner = operations.text("Owner", required=False, help_text="A username; you, unless given.")
    review_on = _day("Next review", help_text="Its owner is reminded when that day has passed.")

    def clean(self) -> dict[str, Any]:
        """Return the scores as numbers, None where nobody judged."""
        said = dict(super().clean() or {})
        for name in SCORES:
            if name in said:
                said[name] = int(said[name]) if said[name] else None
        return said


class CreateForm(TermsForm):
    """A risk, and whose it is."""

    workspace = operations.choice("Of", required=False)
    field_order = ("title", "workspace")


class ReviseForm(TermsForm):
    """A risk as it stands, to be changed."""

    state = operations.choice("State", MOVES)
    reason = operations.prose("Why it changes", required=False, rows=2)


class ReviewForm(forms.Form):
    """When a risk is looked at next."""

    review_on = _day("Next review")
    reason = operations.prose("What was found", required=False)


class AcceptForm(forms.Form):
    """Why a risk is acceptable."""

    reason = operations.prose("Why it is acceptable")


class LinkForm(forms.Form):
    """What a risk is linked to."""

    kind = operations.choice("What", KINDS)
    target = operations.text(
        "Which",
        help_text="workspace/kind/name for an asset, with /number for a version; the id of a"
        " finding or exemption; framework/control for a control.",
    )


class UnlinkForm(forms.Form):
    """Why a link ends."""

    reason = operations.prose("Note", required=False)


def create(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Put a risk on the register of a workspace or of the organisation."""
    actor = actor_of(request)
    places = access.visible_workspaces(actor, permission=Permission.TRIAGE_FINDINGS)
    choices = [(place.slug, place.slug) for place in places.order_by("slug")]
    if access.administers_organisation(actor):
        choices.append(("", "The organisation"))
    form = CreateForm(
        request.POST or None,
        initial={
            "workspace": request.GET.get("workspace", ""),
            "review_on": (timezone.now() + timedelta(days=90)).date(),
        },
    )
    offer(form, "workspace", choices)
    made: list[RiskRevision] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        workspace = data.pop("workspace")
        made.append(risks.create(actor=actor, terms=risks.RiskTerms(**data), workspace=workspace))
        return messages.SUCCESS, "The risk is on the register."

    operation = operations.Operation(
        "Add a risk",
        "Add",
        call,
        lambda: reverse("admin:console_risk", args=[made[0].risk.uuid]),
        reverse("admin:console_risks"),
    )
    return operations.answer(request, operation, form, site=site)


def revise(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say something else of a risk, over what the form shows."""
    found = risk_by_uuid(actor_of(request), uuid)
    shown = {name: getattr(found, name) for name in risks.FIELDS}
    state = "open" if found.state == Risk.State.ACCEPTED else found.state
    form = ReviseForm(
        request.POST or None, initial={**shown, "owner": found.owner.username, "state": state}
    )

    def change(data: dict[str, Any], expected: Expected) -> str:
        reason = data.pop("reason")
        risks.revise(
            actor=actor_of(request), risk=uuid, changes=data, expected=expected, reason=reason
        )
        return "The risk is revised."

    intro = "It is accepted as it stands: a revision opens it again."
    return _change(
        site,
        request,
        found,
        form,
        title="Revise",
        change=change,
        intro=intro if found.state == Risk.State.ACCEPTED else "",
    )


def review(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say that a risk stands as it does until its next review."""
    found = risk_by_uuid(actor_of(request), uuid)
    form = ReviewForm(
        request.POST or None,
        initial={"review_on": (timezone.now() + timedelta(days=90)).date()},
    )

    def change(data: dict[str, Any], expected: Expected) -> str:
        risks.review(actor=actor_of(request), risk=uuid, expected=expected, **data)
        return "The review is on record."

    return _change(site, request, found, form, title="Review", change=change)


def accept(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Accept a risk that somebody else owns."""
    found = risk_by_uuid(actor_of(request), uuid)
    form = AcceptForm(request.POST or None)

    def change(data: dict[str, Any], expected: Expected) -> str:
        risks.accept(actor=actor_of(request), risk=uuid, expected=expected, **data)
        return "The risk is accepted as it stands."

    intro = f"{found.owner.username} owns it and would accept it: {found.treatment_reason}"
    return _change(site, request, found, form, title="Accept", change=change, intro=intro)


def _change(
    site: AdminSite,
    request: HttpRequest,
    found: RiskRevision,
    form: forms.Form,
    *,
    title: str,
    change: Callable[[dict[str, Any], Expected], str],
    intro: str = "",
) -> HttpResponse:
    """Show a form over a risk that carries the tag of what it shows, or do the change."""
    form.fields["tag"] = forms.CharField(widget=forms.HiddenInput, initial=tag_of(found))

    def call(data: dict[str, Any]) -> tuple[int, str]:
        expected = frozenset({data.pop("tag")})
        return messages.SUCCESS, change(data, expected)

    back = reverse("admin:console_risk", args=[found.risk.uuid])
    operation = operations.Operation(
        f"{title}: {found.title}", title, call, back, back, intro=intro
    )
    return operations.answer(request, operation, form, site=site)


def link(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Link a risk to what it is about, or what treats it."""
    actor = actor_of(request)
    found = risk_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        risk_links.link(actor=actor, risk=uuid, **data)
        return messages.SUCCESS, "It is linked."

    return _link(site, request, found, LinkForm(request.POST or None), verb="Link", call=call)


def unlink(site: AdminSite, request: HttpRequest, uuid: UUID, link: UUID) -> HttpResponse:
    """Let a link count no more."""
    actor = actor_of(request)
    found = risk_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        risk_links.unlink(actor=actor, risk=uuid, link=link, **data)
        return messages.SUCCESS, "The link counts no more; it stays on record."

    form = UnlinkForm(request.POST if request.method == "POST" else None)
    return _link(site, request, found, form, verb="Unlink", call=call)


def _link(
    site: AdminSite,
    request: HttpRequest,
    found: RiskRevision,
    form: forms.Form,
    *,
    verb: str,
    call: Callable[[dict[str, Any]], tuple[int, str]],
) -> HttpResponse:
    back = reverse("admin:console_risk", args=[found.risk.uuid])
    operation = operations.Operation(f"{verb}: {found.title}", verb, call, back, back)
    return operations.answer(request, operation, form, site=site)
