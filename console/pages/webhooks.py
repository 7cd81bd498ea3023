"""Webhooks: where workspaces tell other systems what happens, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q

from console.pages.shell import page
from console.pages.trails import trail_in
from registry import access
from registry.admin.mixin import actor_of
from registry.models import Webhook, WebhookAttempt, WebhookDelivery
from registry.permissions import Permission
from registry.services.webhooks.managing import managed

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

SHOWN = 50
TRIES = 10
State = WebhookDelivery.State


def webhooks(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return those of the workspaces whose settings the user may change, or of one of them."""
    actor = actor_of(request)
    slug = request.GET.get("workspace", "")
    rows = _managed(actor).order_by("workspace__slug", "id")
    places = access.visible_workspaces(actor, permission=Permission.CHANGE_WORKSPACE)
    place = access.workspace_by_slug(actor, slug) if slug else None
    if place is not None:
        access.require(actor, Permission.CHANGE_WORKSPACE, place)
        rows = rows.filter(workspace=place)
    return page(
        site,
        request,
        "console/webhooks.html",
        title="Webhooks",
        workspace=place,
        may_make=places.exists(),
        webhooks=rows.annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=State.PENDING)),
            dead=Count("deliveries", filter=Q(deliveries__state=State.DEAD)),
        )[: SHOWN * 4],
    )


def _managed(actor: Actor) -> QuerySet[Webhook]:
    reach = access.in_reach(actor, permission=Permission.CHANGE_WORKSPACE)
    alive = Webhook.objects.exclude(state=Webhook.State.DELETED)
    return alive.filter(reach).select_related("workspace")


def webhook(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return one with its log, the newest first; raises NotFound, or AccessDenied to those who see
    the workspace and may not manage it."""
    actor = actor_of(request)
    found = managed(actor, uuid)
    state = request.GET.get("state", "")
    rows, counts = _log(found, state, request.GET.get("after", "")), _counts(found)
    return page(
        site,
        request,
        "console/webhook.html",
        title="Webhook",
        webhook=found,
        deliveries=rows[:SHOWN],
        after=rows[SHOWN - 1].pk if len(rows) > SHOWN else None,
        state=state,
        states=[(value, label, counts.get(value, 0)) for value, label in State.choices],
        dead=counts.get(State.DEAD, 0),
        trail=trail_in(actor, found.workspace_id, evidence=found.uuid),
        secrets=found.secrets.order_by("-id"),
    )


def _counts(found: Webhook) -> dict[str, int]:
    rows = found.deliveries.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def _log(found: Webhook, state: str, after: str) -> list[Any]:
    rows = found.deliveries.order_by("-id").select_related("entry")
    if state in State.values:
        rows = rows.filter(state=state)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    tries = WebhookAttempt.objects.order_by("-pk")[:TRIES]
    return list(
        rows.prefetch_related(Prefetch("attempts_made", tries, to_attr="tries"))[: SHOWN + 1]
    )
