"""Shapes of sinks."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from lineage.services.operating import Status


class SinkSerializer(serializers.Serializer[Status]):
    """How far a sink is."""

    name = serializers.CharField()
    type = serializers.CharField(help_text="Type of its transport.")
    filter = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Which events it is told of; empty: all.",
    )
    cursor = serializers.IntegerField(help_text="Place of the last event that it was told of.")
    behind = serializers.IntegerField(help_text="Events that it has not been told of.")
    oldest_age = serializers.FloatField(help_text="Seconds that the oldest of these has waited.")
    attempts = serializers.IntegerField(help_text="Failures in a row.")
    next_try_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField()
    dead_letters = serializers.IntegerField(help_text="Events that it did not take.")
    moved_at = serializers.DateTimeField(allow_null=True)


class ReplaySerializer(serializers.Serializer[Any]):
    """Where to start from: an event, or a time."""

    event = serializers.UUIDField(required=False, help_text="First event to send again.")
    since = serializers.DateTimeField(
        required=False, help_text="Send again what was stored since then."
    )
    reason = serializers.CharField(max_length=2_000, required=False)


class SentAgainSerializer(serializers.Serializer[Any]):
    """How many events are sent again."""

    events = serializers.IntegerField()
