"""Create, conclude on, rename, delete and restore experiments; rename, delete and restore runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from console.pages.acts.fields import offer
from console.pages.runs import named
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.models import Verdict
from registry.permissions import Permission
from registry.queries.experiments import (
    NOTE,
    experiment_by_uuid,
    experiment_tag,
    run_by_uuid,
    run_tag,
)
from registry.services import experiment_changes, experiments, tracking_deletions
from registry.services.runs import changes

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from registry.models import Experiment, Run

KEPT = "It is hidden from lists; nothing is lost, and it can be restored."


class CreateForm(forms.Form):
    """A question to try."""

    workspace = operations.choice("Workspace")
    name = operations.text("Name")
    hypothesis = operations.prose(
        "Hypothesis", required=False, help_text="It stays as it is written: verdicts are on it."
    )


class VerdictForm(forms.Form):
    """How the hypothesis stands."""

    status = operations.choice("Verdict", Verdict.choices)
    text = operations.prose("Why")
    results = operations.prose(
        "Results",
        required=False,
        rows=3,
        help_text="References of the results that it rests on, one a line.",
    )

    def clean_results(self) -> list[str]:
        """Return the references."""
        return str(self.cleaned_data["results"]).split()


class ChangeForm(forms.Form):
    """Name and description, over those that were shown."""

    name = operations.text("Name", required=False)
    description = operations.prose("Description", required=False, rows=8)
    reason = operations.text("Reason", required=False)
    expected = forms.CharField(widget=forms.HiddenInput)

    def clean_expected(self) -> frozenset[str]:
        """Return the states in which the change may happen."""
        return frozenset({self.cleaned_data["expected"]})


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False)


def create(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Create an experiment."""
    actor = actor_of(request)
    made: list[Experiment] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made.append(experiments.create(actor=actor, **data))
        return messages.SUCCESS, "Created; record runs by the API or from a notebook."

    listed = reverse("admin:console_experiments")
    operation = operations.Operation(
        "New experiment", "Create", call, lambda: _page(made[0]), listed
    )
    form = CreateForm(request.POST or None)
    places = access.visible_workspaces(actor, permission=Permission.RECORD_RUN).order_by("slug")
    slugs = [(slug, slug) for slug in places.values_list("slug", flat=True)]
    offer(form, "workspace", slugs)
    return operations.answer(request, operation, form, site=site)


def conclude(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say how the hypothesis stands."""
    actor = actor_of(request)
    found = experiment_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        experiments.conclude(actor=actor, experiment=uuid, **data)
        return messages.SUCCESS, "Concluded; the verdicts before stay on record."

    operation = operations.Operation(
        f"Conclude on {found.name}",
        "Conclude",
        call,
        _page(found),
        _page(found),
        intro=found.hypothesis,
    )
    return operations.answer(request, operation, VerdictForm(request.POST or None), site=site)


def change(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Rename or describe an experiment."""
    actor = actor_of(request)
    found = experiment_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        experiment_changes.change(actor=actor, experiment=uuid, **data)
        return messages.SUCCESS, "Changed."

    operation = operations.Operation(
        f"Rename or describe {found.name}",
        "Save",
        call,
        _page(found),
        _page(found),
        intro="A former name stays this experiment's: no other may bear it.",
    )
    form = ChangeForm(request.POST or None, initial=_known(found, experiment_tag(found)))
    return operations.answer(request, operation, form, site=site)


def change_run(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Rename or describe a run."""
    actor = actor_of(request)
    found = run_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        changes.change(actor=actor, run=uuid, **data)
        return messages.SUCCESS, "Changed."

    operation = operations.Operation(
        f"Rename or describe {named(found)}", "Save", call, _page(found), _page(found)
    )
    form = ChangeForm(request.POST or None, initial=_known(found, run_tag(found)))
    return operations.answer(request, operation, form, site=site)


def _known(row: Experiment | Run, tag: str) -> dict[str, str]:
    note = row.tags.filter(key=NOTE).first()
    return {"name": row.name, "description": note.value if note else "", "expected": tag}


def delete(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hide an experiment with its runs."""
    found = experiment_by_uuid(actor_of(request), uuid)
    return _with_reason(
        site,
        request,
        found,
        words=(
            "Delete",
            found.name,
            "It is hidden with its runs; nothing is lost, and it comes back.",
        ),
        act=partial(tracking_deletions.delete_experiment, experiment=uuid),
    )


def restore(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a deleted experiment again."""
    found = experiment_by_uuid(actor_of(request), uuid)
    return _with_reason(
        site,
        request,
        found,
        words=("Restore", found.name, "Runs that were deleted themselves stay deleted."),
        act=partial(tracking_deletions.restore_experiment, experiment=uuid),
    )


def delete_run(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Hide a run."""
    found = run_by_uuid(actor_of(request), uuid)
    return _with_reason(
        site,
        request,
        found,
        words=("Delete", named(found), KEPT),
        act=lambda actor, reason: tracking_deletions.delete_run(
            actor=actor, run=uuid, reason=reason
        ),
    )


def restore_run(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a deleted run again."""
    found = run_by_uuid(actor_of(request), uuid)
    return _with_reason(
        site,
        request,
        found,
        words=("Restore", named(found), ""),
        act=lambda actor, reason: tracking_deletions.restore_run(
            actor=actor, run=uuid, reason=reason
        ),
    )


def _with_reason(
    site: AdminSite,
    request: HttpRequest,
    row: Experiment | Run,
    *,
    words: tuple[str, str, str],
    act: Callable[..., object],
) -> HttpResponse:
    verb, name, intro = words
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        act(actor=actor, **data)
        return messages.SUCCESS, f"{verb}d."

    operation = operations.Operation(
        f"{verb} {name}",
        verb,
        call,
        _page(row),
        _page(row),
        intro=intro,
        danger=verb == "Delete",
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def _page(row: Experiment | Run) -> str:
    return reverse(f"admin:console_{row._meta.model_name}", args=[row.uuid])
