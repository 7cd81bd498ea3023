"""Where a workspace tells other systems what happens, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.ids import new_uuid
from core.models import JournalEntry
from registry.models.workspace import Workspace


class Webhook(models.Model):
    """A receiver. ``events`` are patterns of actions; ``attempts`` counts failures in a row, and
    until ``next_try_at`` nothing is sent. A deleted webhook keeps its row and its log."""

    class State(models.TextChoices):
        ACTIVE = "active"
        DISABLED = "disabled"
        DELETED = "deleted"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=2_000)
    events = models.JSONField()
    description = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    state_reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    attempts = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["active", "disabled", "deleted"]), name="webhook_state"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class WebhookSecret(models.Model):
    """A key that deliveries are signed with, sealed; an earlier one counts until ``ends_at``."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="secrets")
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["webhook"],
                condition=Q(ends_at__isnull=True),
                name="one_secret_without_end_per_webhook",
            ),
        ]


class WebhookDelivery(models.Model):
    """A journal entry for a webhook, or a ping, which has none.

    ``message`` is the id that the receiver sees, however often it is sent: the entry's uuid.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        DELIVERED = "delivered"
        DEAD = "dead"

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="webhook_deliveries"
    )
    message = models.UUIDField(default=new_uuid)
    action = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "webhook deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "message"], name="one_delivery_per_message"),
            models.CheckConstraint(
                condition=Q(state="pending", closed_at__isnull=True)
                | Q(state__in=["delivered", "dead"], closed_at__isnull=False),
                name="delivery_is_closed_iff_not_pending",
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "id"],
                name="deliveries_to_send",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["closed_at"], name="deliveries_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.action} to {self.webhook_id}"


class WebhookAttempt(models.Model):
    """One try: the status and the start of what was answered, or why there was no answer."""

    delivery = models.ForeignKey(
        WebhookDelivery, on_delete=models.CASCADE, related_name="attempts_made"
    )
    at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        default_permissions = ()
