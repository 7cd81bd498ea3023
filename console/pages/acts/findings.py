"""Decide on findings, comment on them, and say within how many days they are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.urls import reverse

from audits.queries.due import SEVERITIES, days_in_force
from audits.queries.findings import comment_by_uuid, followed_finding, tag_of
from audits.services import due_rules, finding_comments
from audits.services import triage as triaging
from console.pages.acts.exemptions import DayField
from console.pages.acts.fields import number, offer, several
from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import Finding

NAMES = ("owner", "due_at", "ticket")


class OptionalDayField(DayField):
    """A day, or none."""

    def __init__(self, label: str, *, help_text: str = "") -> None:
        super().__init__(label, help_text=help_text)
        self.required = False

    def clean(self, value: Any) -> Any:
        """Return the last moment of the day, None where none was given."""
        return super().clean(value) if value else None


class TriageForm(forms.Form):
    """Who sees to it, until when, where, and why that changes."""

    owner = operations.text("Owner", required=False, help_text="A username that may see it.")
    due_at = OptionalDayField("Due", help_text="Without one, the rule of the workspace says when.")
    ticket = operations.text(
        "Ticket", required=False, max_length=500, help_text="The address of where it is followed."
    )
    reason = operations.prose("Reason", required=False, rows=3)


class OneForm(TriageForm):
    """Of one finding, as it was shown."""

    expected = forms.CharField(widget=forms.HiddenInput)


class ManyForm(TriageForm):
    """Of several findings: what is left empty stays as it is."""

    clear = several("Take away", [(name, name.replace("due_at", "due date")) for name in NAMES])


class CommentForm(forms.Form):
    """The words."""

    text = operations.prose(
        "Comment", help_text="Markdown. @name tells an account that may see this page.", rows=6
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.prose("Reason", required=False)


def triage(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Decide on one finding."""
    actor = actor_of(request)
    found = followed_finding(actor, uuid)
    access.require(actor, Permission.TRIAGE_FINDINGS, found.workspace, subject=f"finding/{uuid}")
    shown = _initial(found)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        changes = {name: data[name] for name in form.changed_data if name in NAMES}
        triaging.triage(
            actor=actor,
            findings=[uuid],
            changes=changes or {"ticket": data["ticket"]},
            reason=data["reason"],
            expected=frozenset([data["expected"]]),
        )
        return messages.SUCCESS, "Decided." if changes else "Nothing to change."

    back = reverse("admin:console_finding", args=[uuid])
    operation = operations.Operation(
        f"Decide on: {found.title}", "Save", call, back, back, intro=f"On {found.subject}."
    )
    form = OneForm(request.POST or None, initial={**shown, "expected": tag_of(found)})
    return operations.answer(request, operation, form, site=site)


def _initial(found: Finding) -> dict[str, Any]:
    decided = found.triaged
    return {
        "owner": decided.owner.username if decided and decided.owner else "",
        "due_at": decided.due_at.date() if decided and decided.due_at else None,
        "ticket": decided.ticket if decided else "",
    }


def triage_many(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Decide on those that were ticked: all of them, or none."""
    actor = actor_of(request)
    chosen = [_uuid(text) for text in request.GET.getlist("finding")]
    back = reverse("admin:console_findings")

    def call(data: dict[str, Any]) -> tuple[int, str]:
        changes = {name: data[name] for name in NAMES if data[name]}
        changes |= {name: "" if name == "ticket" else None for name in data["clear"]}
        triaging.triage(actor=actor, findings=chosen, changes=changes, reason=data["reason"])
        return messages.SUCCESS, f"Decided on {len(chosen)}."

    number_of = f"{len(chosen)} finding{'' if len(chosen) == 1 else 's'}"
    operation = operations.Operation(
        f"Decide on {number_of}",
        "Save",
        call,
        back,
        back,
        intro="What is left empty stays as it is. All of them change, or none."
        if chosen
        else "None was ticked: go back and tick some.",
    )
    return operations.answer(request, operation, ManyForm(request.POST or None), site=site)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def say(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Comment on a finding."""
    actor = actor_of(request)
    found = followed_finding(actor, uuid)
    here = reverse("admin:console_finding", args=[uuid])

    def call(data: dict[str, Any]) -> tuple[int, str]:
        finding_comments.add(actor=actor, finding=uuid, **data)
        return messages.SUCCESS, "Said."

    operation = operations.Operation(
        f"Comment on: {found.title}", "Comment", call, f"{here}#story", here
    )
    return operations.answer(request, operation, CommentForm(request.POST or None), site=site)


def redact(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take the words of a comment away."""
    actor = actor_of(request)
    found = comment_by_uuid(actor, uuid)
    here = reverse("admin:console_finding", args=[found.finding.uuid])

    def call(data: dict[str, Any]) -> tuple[int, str]:
        finding_comments.redact(actor=actor, comment=uuid, **data)
        return messages.SUCCESS, "The words are gone; that they were there is on record."

    operation = operations.Operation(
        "Take the words of a comment away",
        "Take away",
        call,
        f"{here}#story",
        here,
        intro="Who commented, and when, stays.",
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


class DueForm(forms.Form):
    """Days by severity, and where."""

    workspace = operations.choice("Where", required=False)
    critical = number("Critical, days", 1, 3650, help_text="Empty: never due.")
    high = number("High, days", 1, 3650)
    medium = number("Medium, days", 1, 3650)
    low = number("Low, days", 1, 3650)
    reason = operations.prose("Reason", required=False, rows=3)


def set_rule(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Say within how many days findings of a workspace, or of the organisation, are due."""
    actor = actor_of(request)
    places = access.visible_workspaces(actor, permission=Permission.ASSIGN_POLICY).order_by("slug")
    whole = [("", "The organisation")] if access.administers_organisation(actor) else []
    chosen = request.GET.get("workspace", "")
    days = days_in_force(actor, chosen)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        due_rules.set_rule(
            actor=actor,
            days={severity: data[severity] for severity in SEVERITIES},
            workspace=data["workspace"],
            reason=data["reason"],
        )
        return messages.SUCCESS, "Set: it counts for all that is open and has no date of its own."

    back = reverse("admin:console_findings")
    operation = operations.Operation(
        "Within how many days findings are due",
        "Set",
        call,
        back,
        back,
        intro=f"Shown are the days of the {days['rule_of']}. A workspace's own rule stands in the"
        " place of the organisation's.",
    )
    form = DueForm(request.POST or None, initial={"workspace": chosen, **days})
    offer(form, "workspace", [*whole, *((each.slug, each.slug) for each in places)])
    return operations.answer(request, operation, form, site=site)
