"""Make webhooks, change them, and switch them off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput, NotFound
from core.journal import publish
from core.outbound.addresses import endpoint, networks
from core.sealing import seal
from registry import access
from registry.events import (
    WebhookChanged,
    WebhookCreated,
    WebhookDeleted,
    WebhookDisabled,
    WebhookRotated,
)
from registry.models import Webhook, WebhookDelivery, WebhookSecret, Workspace
from registry.permissions import Permission
from registry.services.webhooks import signing
from registry.services.webhooks.payloads import unknown_pattern
from registry.services.webhooks.queueing import wake

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from registry.events import WebhookEvent

MAX_WEBHOOKS = 50
MAX_PATTERNS = 50
MAX_OVERLAP = timedelta(days=30)
CHANGEABLE = ("url", "events", "description")


@dataclass(frozen=True)
class Keyed:
    """A webhook with the text of its new secret, which is shown this once."""

    webhook: Webhook
    secret: str


def create(
    *, actor: Actor, workspace: str, url: str, events: Sequence[str], description: str = ""
) -> Keyed:
    """Tell the receiver at ``url`` of the workspace's ``events`` from now on.

    ``events`` are patterns: ``*``, an action, or the first words of one and ``.*``. Needs
    change_workspace. Raises InvalidInput for an address that may not be called or a pattern that
    no event matches, Conflict for more than 50 webhooks.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.CHANGE_WORKSPACE, field="workspace"
    )
    checked = _checked({"url": url, "events": list(events), "description": description})
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
        alive = Webhook.objects.filter(workspace=place).exclude(state=Webhook.State.DELETED)
        if alive.count() >= MAX_WEBHOOKS:
            raise Conflict(f"A workspace has at most {MAX_WEBHOOKS} webhooks; delete one first.")
        webhook = Webhook.objects.create(workspace=place, created_by=actor.user, **checked)
        secret = _new_secret(webhook)
        _publish(WebhookCreated, webhook, actor=actor, after=_settings(webhook))
    return Keyed(webhook, secret)


def change(*, actor: Actor, webhook: UUID, changes: Mapping[str, Any], reason: str = "") -> Webhook:
    """Change address, events or description; what waits goes to the new address, at once."""
    if unknown := sorted(set(changes) - set(CHANGEABLE)):
        raise InvalidInput.of(unknown[0], "cannot be changed")
    found = managed(actor, webhook)
    checked = _checked(changes)
    with transaction.atomic():
        locked = _locked(found)
        before = _settings(locked)
        for name, value in checked.items():
            setattr(locked, name, value)
        locked.save(update_fields=[*checked])
        wake([locked], at_once=True)
        _publish(
            WebhookChanged,
            locked,
            actor=actor,
            before=before,
            after=_settings(locked),
            reason=reason,
        )
    return locked


def switch(*, actor: Actor, webhook: UUID, enabled: bool, reason: str = "") -> Webhook:
    """Switch a webhook off, or on again: what was queued before goes out then."""
    found = managed(actor, webhook)
    states = Webhook.State
    with transaction.atomic():
        locked = _locked(found)
        if (locked.state == states.ACTIVE) is enabled:
            raise Conflict(f"The webhook is {locked.state} already.")
        if not enabled:
            _disable(locked, reason or "switched off", actor=actor)
            return locked
        locked.state, locked.state_reason = states.ACTIVE, ""
        locked.attempts, locked.failing_since = 0, None
        locked.save(update_fields=["state", "state_reason", "attempts", "failing_since"])
        wake([locked], at_once=True)
        _publish(
            WebhookChanged,
            locked,
            actor=actor,
            before={"state": states.DISABLED.value},
            after={"state": states.ACTIVE.value},
            reason=reason,
        )
    return locked


def disable_failing(webhook: Webhook, reason: str, *, actor: Actor) -> None:
    """Switch off a webhook that fails, in the current transaction; a housekeeping verb."""
    locked = _locked(webhook)
    if locked.state == Webhook.State.ACTIVE:
        _disable(locked, reason, actor=actor)


def _disable(locked: Webhook, reason: str, *, actor: Actor) -> None:
    locked.state, locked.state_reason = Webhook.State.DISABLED, reason[:400]
    locked.save(update_fields=["state", "state_reason"])
    _publish(WebhookDisabled, locked, actor=actor, reason=reason)


def rotate(*, actor: Actor, webhook: UUID, overlap_hours: int = 24) -> Keyed:
    """Sign with a new secret from now on, and with the earlier one too for ``overlap_hours`` (0 to
    720): at 0 every earlier one is forgotten at once."""
    overlap = timedelta(hours=overlap_hours)
    if not timedelta() <= overlap <= MAX_OVERLAP:
        raise InvalidInput.of("overlap_hours", f"must be 0 to {MAX_OVERLAP.days * 24}")
    found = managed(actor, webhook)
    now = timezone.now()
    with transaction.atomic():
        locked = _locked(found)
        if not overlap:
            locked.secrets.all().delete()
        locked.secrets.filter(ends_at__lte=now).delete()
        locked.secrets.filter(ends_at__isnull=True).update(ends_at=now + overlap)
        secret = _new_secret(locked)
        until = (now + overlap).isoformat()
        _publish(WebhookRotated, locked, actor=actor, overlap_until=until)
    return Keyed(locked, secret)


def delete(*, actor: Actor, webhook: UUID, reason: str = "") -> None:
    """Delete a webhook with its secrets and what waits; its log stays until it is too old."""
    found = managed(actor, webhook)
    with transaction.atomic():
        locked = _locked(found)
        locked.state, locked.state_reason = Webhook.State.DELETED, reason[:400]
        locked.save(update_fields=["state", "state_reason"])
        locked.secrets.all().delete()
        locked.deliveries.filter(state=WebhookDelivery.State.PENDING).delete()
        _publish(WebhookDeleted, locked, actor=actor, reason=reason)


def managed(actor: Actor, uuid: UUID) -> Webhook:
    """Return the webhook, if ``actor`` may manage it; raises NotFound or AccessDenied."""
    rows = Webhook.objects.select_related("workspace").exclude(state=Webhook.State.DELETED)
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.CHANGE_WORKSPACE, found.workspace, subject=f"webhook/{uuid}")
    return found


def _locked(webhook: Webhook) -> Webhook:
    rows = Webhook.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("workspace").get(pk=webhook.pk)
    if locked.state == Webhook.State.DELETED:
        raise NotFound
    return locked


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    if "url" in changes:
        allowed = networks(settings.WEBHOOK_ALLOWED_NETWORKS, field="url")
        plain = settings.WEBHOOK_PLAIN_HTTP
        endpoint(changes["url"], field="url", plain_http=plain, allowed=allowed)
    if "events" in changes:
        _require_patterns(changes["events"])
    return dict(changes)


def _require_patterns(patterns: Sequence[str]) -> None:
    if not 0 < len(patterns) <= MAX_PATTERNS:
        raise InvalidInput.of("events", f"must have 1 to {MAX_PATTERNS} patterns")
    if (unknown := unknown_pattern(patterns)) is not None:
        reason = f"no event matches {unknown[:80]!r}; docs/events.md lists them"
        raise InvalidInput.of("events", reason)


def _new_secret(webhook: Webhook) -> str:
    secret = signing.new_secret()
    WebhookSecret.objects.create(webhook=webhook, sealed=seal(secret))
    return signing.as_text(secret)


def _settings(webhook: Webhook) -> dict[str, Any]:
    return {"events": list(webhook.events), "description": webhook.description}


def _publish(event: type[WebhookEvent], webhook: Webhook, *, actor: Actor, **fields: Any) -> None:
    publish(event(**event_fields(webhook), **fields), actor=actor, roles=_roles(actor, webhook))


def event_fields(webhook: Webhook) -> dict[str, Any]:
    """Return what every event of a webhook says."""
    return {
        "subject": f"webhook/{webhook.uuid}",
        "workspace": webhook.workspace.uuid,
        "webhook": str(webhook.uuid),
        "host": urlsplit(webhook.url).hostname or "",
    }


def _roles(actor: Actor, webhook: Webhook) -> frozenset[str]:
    return access.roles(actor, webhook.workspace_id)
