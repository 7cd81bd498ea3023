"""Change what becomes of a version: its state, its tags, its description, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from console.pages.acts.fields import offer
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.queries.life import STATES, state_of
from registry.queries.versions import reference_of, version_by_uuid
from registry.services import deletion, descriptions, lifecycle, tags

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from registry.models import AssetVersion

CONSEQUENCE = (
    "A withdrawn version cannot be promoted, deployed, newly linked or pointed at; approvals of"
    " what rests on it go stale and its owners are told."
)


class StateForm(forms.Form):
    """What the version shall be."""

    state = operations.choice("State")
    replacement = operations.text(
        "Replacement", required=False, help_text="Reference of the version to use instead."
    )
    reason = operations.prose("Reason", help_text="Owners and auditors read it.")


class DeleteForm(forms.Form):
    """Why it goes."""

    reason = operations.prose("Reason", help_text="It stays on the tombstone.")


class DescriptionForm(forms.Form):
    """The description."""

    description = operations.prose("Description", required=False, rows=8)
    reason = operations.text("Reason", required=False)


class TagForm(forms.Form):
    """One tag."""

    key = operations.text("Key")
    value = operations.text("Value", required=False)
    reason = operations.text("Reason", required=False)


class TagRemovalForm(forms.Form):
    """The tag that goes."""

    key = operations.choice("Key")
    reason = operations.text("Reason", required=False)


def change_state(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Deprecate, archive, withdraw or restore."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        changed = lifecycle.change(actor=actor, version=uuid, **data)
        return messages.SUCCESS, f"The version is {changed.after}."

    now = state_of(version)
    form = StateForm(request.POST or None, initial={"state": request.GET.get("to", "")})
    offer(form, "state", [(state, state) for state in STATES if state != now])
    operation = operations.Operation(
        f"Change the state of {reference_of(version)}",
        "Change",
        call,
        _page(version),
        _page(version),
        intro=f"It is {now} now. {CONSEQUENCE}",
    )
    return operations.answer(request, operation, form, site=site)


def delete(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete the version; its tombstone stays."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        deletion.delete_version(actor=actor, version=uuid, **data)
        return messages.SUCCESS, "Deleted; a tombstone with digest, reason and time stays."

    operation = operations.Operation(
        f"Delete {reference_of(version)}",
        "Delete for good",
        call,
        _page(version),
        _page(version),
        intro="Its number is never given again. Nothing may rest on it: no alias, as the"
        " workspace rules, no open promotion, no deployment, no linked version.",
        danger=True,
    )
    form = DeleteForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def describe(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write the version's description."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        descriptions.describe_version(actor=actor, version=uuid, **data)
        return messages.SUCCESS, "Described."

    known = getattr(version, "details", None)
    operation = operations.Operation(
        f"Describe {reference_of(version)}", "Save", call, _page(version), _page(version)
    )
    initial = {"description": known.description if known else ""}
    form = DescriptionForm(request.POST or None, initial=initial)
    return operations.answer(request, operation, form, site=site)


def tag(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Set a tag of the version."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made = tags.set_version_tag(actor=actor, version=uuid, **data)
        return messages.SUCCESS, f"Tagged: {made.key}."

    operation = operations.Operation(
        f"Tag {reference_of(version)}", "Set tag", call, _page(version), _page(version)
    )
    return operations.answer(request, operation, TagForm(request.POST or None), site=site)


def untag(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Remove a tag of the version."""
    actor = actor_of(request)
    version = version_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        tags.remove_version_tag(actor=actor, version=uuid, **data)
        return messages.SUCCESS, f"No tag {data['key']} any more."

    operation = operations.Operation(
        f"Remove a tag of {reference_of(version)}", "Remove", call, _page(version), _page(version)
    )
    form = TagRemovalForm(request.POST or None)
    keys = version.tags.order_by("key").values_list("key", flat=True)
    offer(form, "key", [(key, key) for key in keys])
    return operations.answer(request, operation, form, site=site)


def _page(version: AssetVersion) -> str:
    return reverse("admin:registry_assetversion_change", args=[version.pk])
