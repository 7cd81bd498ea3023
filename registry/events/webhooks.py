"""What happens to webhooks. Of an address only the host is journalled: the rest may be secret."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class WebhookEvent(Event):
    """Base of what happens to a webhook."""

    webhook: str
    host: str


@dataclass(frozen=True, kw_only=True)
class WebhookCreated(WebhookEvent):
    """A workspace tells another system what happens in it."""

    action = "registry.webhook.created"


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(WebhookEvent):
    """Address, events or description of a webhook changed, or it was switched on again."""

    action = "registry.webhook.changed"


@dataclass(frozen=True, kw_only=True)
class WebhookRotated(WebhookEvent):
    """A webhook got a new secret; ``overlap_until`` is when the earlier one ends."""

    action = "registry.webhook.rotated"

    overlap_until: str


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(WebhookEvent):
    """Nothing is sent any more: switched off, answered 410, or failing for too long."""

    action = "registry.webhook.disabled"


@dataclass(frozen=True, kw_only=True)
class WebhookDeleted(WebhookEvent):
    """A webhook is gone for good, with its secrets."""

    action = "registry.webhook.deleted"


@dataclass(frozen=True, kw_only=True)
class WebhookPinged(WebhookEvent):
    """Somebody asked for a test delivery."""

    action = "registry.webhook.pinged"


@dataclass(frozen=True, kw_only=True)
class WebhookReplayed(WebhookEvent):
    """Deliveries are sent once more."""

    action = "registry.webhook.replayed"

    deliveries: int
