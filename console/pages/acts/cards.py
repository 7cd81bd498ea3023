"""Write the card of a version, hand it in for review, and review it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from core.preconditions import ANY_STATE
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.kinds.cards import card_fields
from registry.models.card import CARD_DECISIONS
from registry.queries.cards import card_of
from registry.queries.versions import reference_of, version_by_uuid
from registry.services import cards

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from registry.models import AssetVersion


class SubmitForm(forms.Form):
    """What the reviewer should know."""

    comment = operations.prose("Comment", required=False)


class ReviewForm(forms.Form):
    """The decision, on the revision that was shown."""

    decision = operations.choice("Decision", CARD_DECISIONS)
    comment = operations.prose("Comment", required=False, help_text="A return says why.")
    revision = forms.IntegerField(widget=forms.HiddenInput)


def write(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write a revision; it is refused if somebody else wrote one since the form was opened."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)
    known = card_of(version)
    names = card_fields(version.asset.kind)
    form = _card_form(request, version, names, dict(known.fields) if known else {})

    def call(data: dict[str, Any]) -> tuple[int, str]:
        fields = {name: data[name] for name in names if data[name].strip()}
        state = frozenset({data["state"]}) if data["state"] else ANY_STATE
        cards.write(actor=actor, version=uuid, fields=fields, expected=state, reason=data["reason"])
        return messages.SUCCESS, "Written; the card is a draft until it is accepted."

    operation = operations.Operation(
        f"Card of {reference_of(version)}", "Save draft", call, _page(version), _page(version)
    )
    return operations.answer(request, operation, form, site=site)


def _card_form(
    request: HttpRequest, version: AssetVersion, names: tuple[str, ...], known: dict[str, str]
) -> forms.Form:
    initial = {**known, "state": cards.tag_of(version)}
    form = forms.Form(request.POST or None, initial=initial)
    for name in names:
        label = name.replace("_", " ").capitalize()
        form.fields[name] = operations.prose(label, required=False, rows=3)
    form.fields["reason"] = operations.text("Reason for the change", required=False)
    form.fields["state"] = forms.CharField(widget=forms.HiddenInput, required=False)
    return form


def submit(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for a review of the last revision."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        cards.submit(actor=actor, version=uuid, **data)
        return messages.SUCCESS, "In review."

    operation = operations.Operation(
        f"Hand in the card of {reference_of(version)}",
        "Hand in",
        call,
        _page(version),
        _page(version),
    )
    form = SubmitForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def review(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Accept or return the revision that was shown."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        card = cards.review(actor=actor, version=uuid, **data)
        return messages.SUCCESS, f"The card is {card.status}."

    known = card_of(version)
    operation = operations.Operation(
        f"Review the card of {reference_of(version)}",
        "Decide",
        call,
        _page(version),
        _page(version),
        intro="Nobody reviews what they wrote last.",
    )
    form = ReviewForm(request.POST or None, initial={"revision": known.revision if known else 0})
    return operations.answer(request, operation, form, site=site)


def _page(version: AssetVersion) -> str:
    return f"{reverse('admin:registry_assetversion_change', args=[version.pk])}#mu-card"
