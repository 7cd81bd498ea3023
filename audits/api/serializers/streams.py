"""Shapes of streams of the journal."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from audits.models import Stream, StreamLetter
from audits.streams.formats import FORMATS
from core.http.serializers import InputSerializer


class StreamSerializer(serializers.ModelSerializer[Stream]):
    """A stream without its secrets, and how far it is; ``slugs`` of the context are those of the
    workspaces that streams are limited to, by uuid."""

    workspaces = serializers.SerializerMethodField(help_text="Slugs; none asks for all.")
    behind = serializers.IntegerField(help_text="Entries that it has not come past.")
    oldest_waits_since = serializers.DateTimeField(source="oldest", allow_null=True)
    dead_letters = serializers.IntegerField(source="dead", help_text="Entries that were refused.")

    class Meta:
        model = Stream
        fields: tuple[str, ...] = (
            "uuid",
            "name",
            "transport",
            "address",
            "format",
            "batch",
            "with_names",
            "workspaces",
            "actions",
            "outcomes",
            "state",
            "created_at",
            "cursor",
            "behind",
            "oldest_waits_since",
            "dead_letters",
            "attempts",
            "failing_since",
            "next_try_at",
            "error",
            "moved_at",
            "tested_at",
            "test_result",
        )

    def get_workspaces(self, stream: Stream) -> list[str]:
        """Return the slugs of the workspaces that it is limited to."""
        slugs: dict[str, str] = self.context["slugs"]
        return [slugs.get(each, each) for each in stream.workspaces]


class KeyedStreamSerializer(StreamSerializer):
    """A stream with a key that was just made, and is shown this once; empty where none was."""

    secret = serializers.CharField()

    class Meta(StreamSerializer.Meta):
        fields = (*StreamSerializer.Meta.fields, "secret")


def _words(longest: int) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=longest), max_length=50, required=False
    )


class StreamChangeSerializer(InputSerializer):
    """What changes a stream; only the fields given are changed."""

    name = serializers.CharField(max_length=100, required=False)
    address = serializers.CharField(
        max_length=2_000,
        required=False,
        help_text="https://…, syslog+tls://host:port, syslog://, syslog+udp:// or file://name.",
    )
    format = serializers.ChoiceField(choices=list(FORMATS), required=False)
    batch = serializers.IntegerField(
        min_value=1, max_value=1_000, required=False, help_text="Entries that go out at once."
    )
    with_names = serializers.BooleanField(
        required=False, help_text="Whether usernames go out, as the trail shows them."
    )
    headers = serializers.DictField(
        child=serializers.CharField(max_length=4_000, allow_blank=True),
        required=False,
        help_text="Sent over HTTP with each request; never shown again.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add the three filters."""
        filters = {"workspaces": 63, "actions": 100, "outcomes": 20}
        own = super().get_fields()
        return own | {name: _words(longest) for name, longest in filters.items()}


class StreamPatchSerializer(StreamChangeSerializer):
    """The same, and why."""

    new_secret = serializers.BooleanField(required=False, help_text="Make another key.")
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class StreamCreateSerializer(StreamChangeSerializer):
    """What makes a stream."""

    name = serializers.CharField(max_length=100)
    address = serializers.CharField(
        max_length=2_000,
        help_text="https://…, syslog+tls://host:port, syslog://, syslog+udp:// or file://name.",
    )
    format = serializers.ChoiceField(choices=list(FORMATS), default="json")
    start = serializers.IntegerField(
        min_value=0,
        required=False,
        allow_null=True,
        help_text="Place of the first entry that it is told of; by default only what is new.",
    )


class StreamReasonSerializer(InputSerializer):
    """Why a stream is paused or resumed."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class StreamReplaySerializer(InputSerializer):
    """Where to start from: a place, or a time."""

    seq = serializers.IntegerField(min_value=0, required=False)
    since = serializers.DateTimeField(required=False)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class StreamedAgainSerializer(serializers.Serializer[Any]):
    """How many entries are sent again."""

    entries = serializers.IntegerField()


class StreamLetterSerializer(serializers.ModelSerializer[StreamLetter]):
    """An entry that the receiver refused."""

    entry = serializers.UUIDField(source="entry.uuid")
    action = serializers.CharField(source="entry.action")

    class Meta:
        model = StreamLetter
        fields = ("entry", "action", "error", "failed_at", "is_due")


class StreamLettersSerializer(serializers.Serializer[Any]):
    """The newest hundred of them."""

    results = StreamLetterSerializer(many=True)
