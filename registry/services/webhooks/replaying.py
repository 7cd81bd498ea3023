"""Send a test, or what was sent before, once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.errors import Conflict, InvalidInput
from core.journal import publish
from registry import access
from registry.events import WebhookPinged, WebhookReplayed
from registry.models import Webhook, WebhookDelivery
from registry.services.webhooks.managing import event_fields, managed
from registry.services.webhooks.payloads import PING
from registry.services.webhooks.queueing import wake

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

State = WebhookDelivery.State


def ping(*, actor: Actor, webhook: UUID) -> WebhookDelivery:
    """Queue a delivery that is about nothing, to see whether the receiver takes it."""
    found = _switched_on(actor, webhook)
    with transaction.atomic():
        delivery = WebhookDelivery.objects.create(webhook=found, action=PING)
        wake([found], at_once=True)
        event = WebhookPinged(**event_fields(found))
        publish(event, actor=actor, roles=access.roles(actor, found.workspace_id))
    return delivery


def replay(*, actor: Actor, webhook: UUID, delivery: UUID | None = None) -> int:
    """Queue every dead letter of the webhook again, or one ``delivery`` that was closed; return
    how many. They go out oldest first, before what is newer. Raises InvalidInput for a delivery
    that is not the webhook's, Conflict for one that still waits."""
    found = _switched_on(actor, webhook)
    chosen = WebhookDelivery.objects.filter(webhook=found)
    if delivery is None:
        chosen = chosen.filter(state=State.DEAD)
    else:
        chosen = chosen.filter(uuid=delivery)
        state = chosen.values_list("state", flat=True).first()
        if state is None:
            raise InvalidInput.of("delivery", "is no delivery of the webhook")
        if state == State.PENDING:
            raise Conflict("The delivery still waits.")
    with transaction.atomic():
        queued = chosen.update(state=State.PENDING, closed_at=None, attempts=0)
        wake([found], at_once=True)
        event = WebhookReplayed(**event_fields(found), deliveries=queued)
        publish(event, actor=actor, roles=access.roles(actor, found.workspace_id))
    return queued


def _switched_on(actor: Actor, uuid: UUID) -> Webhook:
    found = managed(actor, uuid)
    if found.state != Webhook.State.ACTIVE:
        raise Conflict("The webhook is switched off; switch it on first.")
    return found
