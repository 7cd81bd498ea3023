"""Ask whether a deployment may serve, and bring an earlier revision of it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages

from console.pages.shell import page
from console.pages.subjects import page_of
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.queries.deployments import deployment_by_uuid
from registry.services.deployments import checks, revisions

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse


class RollbackForm(forms.Form):
    """Which revision comes back, over the newest one that was shown."""

    to = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)
    expected = forms.IntegerField(widget=forms.HiddenInput)
    reason = operations.prose("Reason", required=False)


def roll_back(site: AdminSite, request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """Make a next revision that equals an earlier one."""
    actor = actor_of(request)
    found = deployment_by_uuid(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made = revisions.roll_back(actor=actor, deployment=uuid, **data)
        return messages.SUCCESS, f"Revision {made.number} is desired; it equals {data['to']}."

    operation = operations.Operation(
        f"Bring revision {number} of {found.reference} back",
        "Roll back",
        call,
        page_of(found),
        page_of(found),
        intro="Its members must still be allowed to serve.",
    )
    form = RollbackForm(request.POST or None, initial={"to": number, "expected": found.last_number})
    return operations.answer(request, operation, form, site=site)


def check(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask every gate whether the deployment may serve as it is now, and show the answer."""
    actor = actor_of(request)
    found = deployment_by_uuid(actor, uuid)
    permit = checks.check(actor=actor, deployment=uuid) if request.method == "POST" else None
    return page(
        site,
        request,
        "console/check.html",
        title=f"May {found.reference} serve?",
        deployment=found,
        permit=permit,
        verdicts=[verdict.as_json() for verdict in permit.verdicts] if permit else [],
    )
