"""Shapes of webhooks and their deliveries."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import Webhook, WebhookAttempt, WebhookDelivery


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A webhook without its secret."""

    workspace = serializers.CharField(source="workspace.slug")

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = (
            "uuid",
            "workspace",
            "url",
            "events",
            "description",
            "state",
            "state_reason",
            "created_at",
            "failing_since",
            "next_try_at",
        )


class KeyedWebhookSerializer(WebhookSerializer):
    """A webhook with a secret that was just made, and is shown this once."""

    secret = serializers.CharField()

    class Meta(WebhookSerializer.Meta):
        fields = (*WebhookSerializer.Meta.fields, "secret")


class WebhookCreateSerializer(InputSerializer):
    """What makes a webhook."""

    workspace = serializers.CharField(max_length=63)
    url = serializers.CharField(max_length=2_000)
    events = serializers.ListField(
        child=serializers.CharField(max_length=100), min_length=1, max_length=50
    )
    description = serializers.CharField(max_length=200, allow_blank=True, default="")


class WebhookChangeSerializer(InputSerializer):
    """What changes a webhook; only the fields given are changed."""

    url = serializers.CharField(max_length=2_000, required=False)
    events = serializers.ListField(
        child=serializers.CharField(max_length=100), min_length=1, max_length=50, required=False
    )
    description = serializers.CharField(max_length=200, allow_blank=True, required=False)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class WebhookReasonSerializer(InputSerializer):
    """Why a webhook is switched off or on."""

    reason = serializers.CharField(max_length=400, allow_blank=True, default="")


class RotateSerializer(InputSerializer):
    """How long the earlier secret still signs, too."""

    overlap_hours = serializers.IntegerField(min_value=0, max_value=720, default=24)


class ReplaySerializer(InputSerializer):
    """Which delivery is sent once more; null for every dead letter."""

    delivery = serializers.UUIDField(required=False, allow_null=True, default=None)


class ReplayedSerializer(serializers.Serializer[Any]):
    """How many deliveries were queued again."""

    queued = serializers.IntegerField()


class AttemptSerializer(serializers.ModelSerializer[WebhookAttempt]):
    """One try, with the start of the answer."""

    class Meta:
        model = WebhookAttempt
        fields = ("at", "status", "milliseconds", "answer", "error")


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """A delivery; ``message`` is the id that the receiver sees, ``entry`` that of the journal."""

    webhook = serializers.UUIDField(source="webhook.uuid")
    entry = serializers.UUIDField(source="entry.uuid", default=None)

    class Meta:
        model = WebhookDelivery
        fields: tuple[str, ...] = (
            "uuid",
            "webhook",
            "message",
            "entry",
            "action",
            "state",
            "attempts",
            "created_at",
            "closed_at",
        )


class DeliveryDetailSerializer(DeliverySerializer):
    """A delivery with its newest tries, newest first."""

    tries = AttemptSerializer(many=True)

    class Meta(DeliverySerializer.Meta):
        fields = (*DeliverySerializer.Meta.fields, "tries")
