"""Ask for an exemption, grant what others asked for, end it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from console.pages.acts.fields import offer, several
from console.pages.policies.assignments import seen
from core.errors import NotFound
from policies.models import Exemption, Resource
from policies.queries.assignments import reaches
from policies.queries.exemptions import visible_exemptions
from policies.services import exemptions
from policies.services.scopes import LONGEST, member_ids
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor
    from policies.models import Assignment


class DayField(forms.DateField):
    """A day, which counts to its end in UTC."""

    def __init__(self, label: str, *, help_text: str = "") -> None:
        widget = UnfoldAdminTextInputWidget(attrs={"type": "date"})
        super().__init__(label=label, help_text=help_text, widget=widget)

    def clean(self, value: Any) -> datetime:
        """Return the last moment of the day."""
        return datetime.combine(super().clean(value), time.max, tzinfo=UTC)


class AskForm(forms.Form):
    """What is to be waived, where, until when, and why."""

    workspace = operations.choice("Workspace")
    reference_ids = several("Only these rules", [], help_text="None: every rule of the assignment.")
    resource = operations.choice("Only this resource", required=False)
    asset = operations.text(
        "Only this asset", required=False, help_text="As kind/name. Instead of a resource."
    )
    category = operations.choice(
        "Why it is fine",
        [
            ("waiver", "waiver: the risk is accepted"),
            ("mitigated", "mitigated: met in another way"),
        ],
    )
    reason = operations.prose("Reason", help_text="Who decides reads it, and later the auditor.")
    owner = operations.text(
        "Who answers for it",
        required=False,
        help_text="A username; you, unless given. Is warned before it expires.",
    )
    ticket = operations.text("Ticket", required=False)
    expires_at = DayField(
        "Until", help_text=f"At most {LONGEST.days} days away. Then it counts no more, and stays."
    )


class ReasonForm(forms.Form):
    """What to say of it."""

    reason = operations.prose("Note", required=False)


def ask(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for an exemption from an assignment; somebody else grants it."""
    actor = actor_of(request)
    found = seen(actor, uuid)
    form = AskForm(request.POST or None, initial=_initial(request))
    _choose(form, actor, found)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        scope = exemptions.Scope(
            assignment=uuid,
            workspace=data.pop("workspace"),
            reference_ids=data.pop("reference_ids", ()),
            resource=data.pop("resource") or None,
            asset=data.pop("asset"),
        )
        exemptions.ask(actor=actor, scope=scope, **data)
        return messages.SUCCESS, "Asked. It counts once somebody else has granted it."

    back = reverse("admin:console_policy_assignment", args=[uuid])
    operation = operations.Operation(
        "Ask for an exemption",
        "Ask",
        call,
        back,
        back,
        intro=f"From {found.reference} over {found.place}. The rule is judged all the same: its"
        " own answer stays visible.",
    )
    return operations.answer(request, operation, form, site=site)


def _initial(request: HttpRequest) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "") for name in ("workspace", "resource", "asset")}
    until = timezone.now().date() + timedelta(days=90)
    return {**asked, "expires_at": until, "reference_ids": request.GET.getlist("rule")}


def _choose(form: AskForm, actor: Actor, found: Assignment) -> None:
    """Offer what the assignment reaches, as far as the user may see it."""
    places = [
        place
        for place in access.visible_workspaces(actor).order_by("slug")
        if reaches(found, place)
    ]
    resources = Resource.objects.filter(
        workspace__in=[place.pk for place in places], retired_at__isnull=True
    ).select_related("workspace")
    offered = [
        (str(each.uuid), f"{each.workspace.slug}: {each}")
        for each in resources.order_by("workspace__slug", "type", "external_id")[:500]
    ]
    choices: dict[str, Any] = {
        "workspace": [(place.slug, place.slug) for place in places],
        "resource": [("", "All that it judges"), *offered],
        "reference_ids": [(key, key) for key in sorted(member_ids(found))],
    }
    for name, given in choices.items():
        offer(form, name, given)
    if not choices["reference_ids"]:
        del form.fields["reference_ids"]


def grant(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Grant what somebody else asked for."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        exemptions.grant(actor=actor, exemption=uuid, **data)
        return messages.SUCCESS, "Granted: it counts from now on."

    return _decide(site, request, uuid, verb="Grant", call=call)


def end(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an exemption before its time, or turn a request down."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        exemptions.end(actor=actor, exemption=uuid, **data)
        return messages.SUCCESS, "It counts no more; it stays on record."

    return _decide(site, request, uuid, verb="End", call=call)


def _decide(
    site: AdminSite,
    request: HttpRequest,
    uuid: UUID,
    *,
    verb: str,
    call: Callable[[dict[str, Any]], tuple[int, str]],
) -> HttpResponse:
    found = visible_exemptions(actor_of(request)).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    back = reverse("admin:console_exemptions")
    operation = operations.Operation(
        f"{verb} the exemption in {found.workspace.slug}",
        verb,
        call,
        back,
        back,
        intro=_told(found),
        danger=verb == "End",
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def _told(found: Exemption) -> str:
    rules = f" ({', '.join(found.reference_ids)})" if found.reference_ids else ""
    about = found.resource or found.asset or "everything that it judges"
    return (
        f"{found.requested_by.username} asks to exempt {about} from"
        f" {found.assignment.reference}{rules}, as {found.category},"
        f" until {found.expires_at:%d %b %Y}: {found.reason}"
    )
