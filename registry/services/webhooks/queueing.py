"""Queue journal entries for webhooks, and see to it that queues are worked off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.chains import Chain
from registry.models import Webhook, WebhookDelivery
from registry.services.webhooks.payloads import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.journal import SequencedEntry

DELIVERIES = Chain("registry.deliver_webhook", "webhook")


def asked_for(entries: Sequence[SequencedEntry]) -> list[SequencedEntry]:
    """Return those of ``entries`` that an active webhook of their workspaces asks for."""
    active = Webhook.objects.filter(state=Webhook.State.ACTIVE)
    listening: dict[str, list[str]] = {}
    for place, events in active.values_list("workspace__uuid", "events"):
        listening.setdefault(str(place), []).extend(events)
    return [
        entry
        for entry in entries
        if matches(entry.action, listening.get(entry.body["workspace"] or "", ()))
    ]


def queue(entry: SequencedEntry) -> int:
    """Leave a delivery for each webhook that asks for ``entry``, in the current transaction;
    return how many. Doing it twice adds nothing.

    A webhook is told of nothing that happened before it was made, or while it is disabled.
    """
    if entry.body["workspace"] is None:
        return 0
    listening = Webhook.objects.filter(
        workspace__uuid=entry.body["workspace"],
        state=Webhook.State.ACTIVE,
        created_at__lte=entry.occurred_at,
    )
    asking = [webhook for webhook in listening if matches(entry.action, webhook.events)]
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                webhook=webhook, entry_id=entry.id, message=entry.uuid, action=entry.action
            )
            for webhook in asking
        ],
        ignore_conflicts=True,
    )
    if asking:
        wake(asking)
    return len(asking)


def wake(webhooks: Iterable[Webhook], *, at_once: bool = False) -> None:
    """See to it that each webhook has a delivery task, in the current transaction.

    ``at_once`` also ends the pause of a webhook that failed.
    """
    hooks = list(webhooks)
    if at_once:
        Webhook.objects.filter(pk__in=[hook.pk for hook in hooks]).update(next_try_at=None)
    DELIVERIES.wake([str(hook.uuid) for hook in hooks], at_once=at_once)


def sweep() -> int:
    """Wake the webhooks that have something to send; return how many.

    Delivery tasks follow one another by themselves; this starts the chain again should one end
    for good.
    """
    with transaction.atomic():
        waiting = WebhookDelivery.objects.filter(state=WebhookDelivery.State.PENDING)
        found = list(
            Webhook.objects.filter(state=Webhook.State.ACTIVE, pk__in=waiting.values("webhook"))
        )
        if found:
            wake(found)
    return len(found)
