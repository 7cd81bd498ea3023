"""Make a webhook, change it, switch it, try it, send again what was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from console.pages.acts.fields import number, offer, words
from console.pages.shell import page
from core.errors import NotFound
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of
from registry.models import Webhook
from registry.permissions import Permission
from registry.services.webhooks import managing, replaying

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from registry.services.webhooks.managing import Keyed

EVENTS = (
    "Between commas: * for everything, an action such as registry.promotion.completed, or the first"
    " words of one and .* as in registry.alias.*"
)


class ChangeForm(forms.Form):
    """Where to, and of what."""

    url = operations.text("Address", help_text="Called by POST; not one inside of this network.")
    events = words("Events", help_text=EVENTS, required=True)
    description = operations.text("Description", required=False, max_length=200)
    reason = operations.text("Reason", required=False)


class CreateForm(ChangeForm):
    """The same, and for which workspace."""

    workspace = operations.choice("Workspace")
    reason = None  # type: ignore[assignment]
    field_order = ("workspace", "url", "events", "description")


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.text("Reason", required=False, max_length=400)


class RotateForm(forms.Form):
    """How long the earlier secret goes on."""

    overlap_hours = number(
        "The earlier secret signs too, for hours",
        0,
        720,
        required=True,
        help_text="0 if it has leaked: it is forgotten at once.",
    )


def create(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Make a webhook, and show its secret this once."""
    actor = actor_of(request)
    made: list[Keyed] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made.append(managing.create(actor=actor, **data))
        return messages.SUCCESS, "The webhook is made; it is told of what happens from now on."

    listed = reverse("admin:console_webhooks")
    operation = operations.Operation("Make a webhook", "Make", call, listed, listed)
    start = {"workspace": request.GET.get("workspace", ""), "events": "registry.promotion.*"}
    form = CreateForm(request.POST or None, initial=start)
    places = access.visible_workspaces(actor, permission=Permission.CHANGE_WORKSPACE)
    slugs = places.order_by("slug").values_list("slug", flat=True)
    offer(form, "workspace", [(slug, slug) for slug in slugs])
    answer = operations.answer(request, operation, form, site=site)
    return _secret(site, request, made[0]) if made else answer


def rotate(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Make another secret, and show it this once."""
    actor = actor_of(request)
    made: list[Keyed] = []

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made.append(managing.rotate(actor=actor, webhook=uuid, **data))
        return messages.SUCCESS, "Deliveries are signed with the new secret from now on."

    form = RotateForm(request.POST or None, initial={"overlap_hours": 24})
    operation = _operation(managing.managed(actor, uuid), "Rotate the secret", "Rotate", call)
    answer = operations.answer(request, operation, form, site=site)
    return _secret(site, request, made[0]) if made else answer


def _secret(site: AdminSite, request: HttpRequest, keyed: Keyed) -> HttpResponse:
    """Answer the form with the secret: it is stored sealed, and no address shows it again."""
    shown = page(
        site,
        request,
        "console/webhook_secret.html",
        title="The secret of the webhook",
        webhook=keyed.webhook,
        secret=keyed.secret,
    )
    shown.headers["Cache-Control"] = "no-store"
    return shown


def change(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change address, events or description."""
    actor = actor_of(request)
    found = managing.managed(actor, uuid)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        reason = data.pop("reason")
        managing.change(actor=actor, webhook=uuid, changes=data, reason=reason)
        return messages.SUCCESS, "Changed; what waits goes to the new address."

    start = {
        "url": found.url,
        "events": ", ".join(found.events),
        "description": found.description,
    }
    form = ChangeForm(request.POST or None, initial=start)
    operation = _operation(found, "Change the webhook", "Save", call)
    return operations.answer(request, operation, form, site=site)


def switch(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Pause a webhook, or let it go on."""
    actor = actor_of(request)
    found = managing.managed(actor, uuid)
    enabled = found.state != Webhook.State.ACTIVE

    def call(data: dict[str, Any]) -> tuple[int, str]:
        managing.switch(actor=actor, webhook=uuid, enabled=enabled, **data)
        told = "What waited goes out now." if enabled else "Nothing is sent until it is resumed."
        return messages.SUCCESS, told

    title, verb = ("Resume the webhook", "Resume") if enabled else ("Pause the webhook", "Pause")
    intro = "" if enabled else "It is not told of what happens while it is paused."
    form = ReasonForm(request.POST if request.method == "POST" else None)
    operation = _operation(found, title, verb, call, intro=intro)
    return operations.answer(request, operation, form, site=site)


def delete(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a webhook with its secrets and what waits."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        managing.delete(actor=actor, webhook=uuid, **data)
        return messages.SUCCESS, "Deleted."

    found = managing.managed(actor, uuid)
    operation = _operation(
        found,
        "Delete the webhook",
        "Delete",
        call,
        intro="Its secrets and what waits to be sent go with it.",
        back=f"{reverse('admin:console_webhooks')}?workspace={found.workspace.slug}",
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def ping(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send a test delivery."""
    if request.method == "POST":
        replaying.ping(actor=actor_of(request), webhook=uuid)
        messages.success(request, "A test is on its way; the log tells what comes of it.")
    return redirect("admin:console_webhook", uuid)


def replay(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send a delivery once more, or all that were given up."""
    if request.method == "POST":
        chosen = _chosen(request.POST.get("delivery", ""))
        queued = replaying.replay(actor=actor_of(request), webhook=uuid, delivery=chosen)
        messages.success(
            request, f"{queued} {'delivery is' if queued == 1 else 'deliveries are'} queued."
        )
    return redirect("admin:console_webhook", uuid)


def _chosen(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _operation(
    found: Webhook,
    title: str,
    submit: str,
    call: Any,
    *,
    intro: str = "",
    back: str = "",
    danger: bool = False,
) -> operations.Operation:
    here = reverse("admin:console_webhook", args=[found.uuid])
    return operations.Operation(
        title,
        submit,
        call,
        back or here,
        here,
        intro=f"{found.workspace.slug}: {found.url}. {intro}",
        danger=danger,
    )
