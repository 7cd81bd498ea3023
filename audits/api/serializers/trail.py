"""Shapes of the trail."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.services.exports import WRITERS
from core.actors import Via


class TrailQuerySerializer(serializers.Serializer[Any]):
    """Which entries are asked for."""

    workspace = serializers.CharField(
        max_length=63, required=False, help_text="Slug of a workspace."
    )
    action = serializers.CharField(
        max_length=100, required=False, help_text="An action, or its first words."
    )
    actor = serializers.UUIDField(required=False, help_text="Who acted.")
    subject = serializers.CharField(
        max_length=1_000, required=False, help_text="A reference; also what lies below it."
    )
    outcome = serializers.CharField(max_length=20, required=False)
    request_id = serializers.CharField(max_length=64, required=False)
    since = serializers.DateTimeField(required=False, help_text="From this moment on.")
    until = serializers.DateTimeField(required=False, help_text="Before this moment.")
    q = serializers.CharField(
        max_length=1_000,
        required=False,
        help_text="Words, or their beginnings, of action, subject, reason, values, or who acted.",
    )
    username = serializers.CharField(
        max_length=150, required=False, help_text="A name under which somebody acted."
    )
    via = serializers.ChoiceField(
        choices=[each.value for each in Via], required=False, help_text="The door."
    )
    role = serializers.CharField(
        max_length=50, required=False, help_text="A role that the actor held then."
    )
    credential = serializers.CharField(
        max_length=12, required=False, help_text="The prefix of the token that was used."
    )
    evidence = serializers.CharField(
        max_length=71,
        required=False,
        help_text="A digest (of a decision, bundle, input, version …) or id that the entry names.",
    )


class TrailExportSerializer(TrailQuerySerializer):
    """Which entries are taken out, and in which format."""

    format = serializers.ChoiceField(choices=list(WRITERS))


class TokenIssuerSerializer(serializers.Serializer[Any]):
    """Who issued a token for another account."""

    uuid = serializers.UUIDField()
    username = serializers.CharField(allow_null=True)


class TrailActorSerializer(serializers.Serializer[Any]):
    """Who acted."""

    uuid = serializers.UUIDField(allow_null=True)
    kind = serializers.CharField()
    username = serializers.CharField(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())
    via = serializers.CharField()
    credential = serializers.CharField()
    on_behalf_of = TokenIssuerSerializer(
        allow_null=True, help_text="Who issued the token, where that was another account."
    )


class TrailEntrySerializer(serializers.Serializer[Any]):
    """An entry as it is answered."""

    seq = serializers.IntegerField(allow_null=True)
    uuid = serializers.UUIDField()
    occurred_at = serializers.DateTimeField()
    action = serializers.CharField()
    outcome = serializers.CharField()
    actor = TrailActorSerializer()
    workspace = serializers.CharField(allow_null=True)
    subject = serializers.CharField()
    digest = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()
    request_id = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``data``, which as a class attribute would hide a serializer's own property."""
        return {**super().get_fields(), "data": serializers.DictField()}


class TrailDetailSerializer(TrailEntrySerializer):
    """An entry with the canonical text that it stands on."""

    body = serializers.CharField(help_text="The exact canonical JSON text (RFC 8785).")
    body_digest = serializers.CharField(help_text="SHA-256 of the text.")
    is_authentic = serializers.BooleanField(help_text="Whether this service's HMAC fits the text.")
