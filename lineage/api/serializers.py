"""Shapes of the graph and of events."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers

from lineage.graph.exploration import DEFAULT_DEPTH, MAX_DEPTH, Direction, Graph, Node
from lineage.models import LineageEvent

Field = serializers.Field[Any, Any, Any, Any]


class GraphQuerySerializer(serializers.Serializer[Any]):
    """What to explore."""

    node = serializers.CharField(
        max_length=1_000, help_text="Reference of a version, by number or alias."
    )
    direction = serializers.ChoiceField(
        choices=[direction.value for direction in Direction], default=Direction.BOTH.value
    )
    depth = serializers.IntegerField(
        min_value=0, max_value=MAX_DEPTH, default=DEFAULT_DEPTH, help_text="Number of levels."
    )


class ExportQuerySerializer(GraphQuerySerializer):
    """What to export: all of it, unless said otherwise."""

    depth = serializers.IntegerField(
        min_value=0, max_value=MAX_DEPTH, default=MAX_DEPTH, help_text="Number of levels."
    )


class NodeSerializer(serializers.Serializer[Node]):
    """A version in the graph; see visible and frozen for one that the caller may not read."""

    id = serializers.CharField(
        help_text="Public id of the version; hidden-1 and so on where it is hidden."
    )
    ref = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    workspace = serializers.CharField(allow_null=True)
    number = serializers.IntegerField(allow_null=True)
    digest = serializers.CharField(allow_null=True)
    stage = serializers.CharField(allow_null=True, help_text="Stage of the workspace.")
    aliases = serializers.ListField(child=serializers.CharField())
    level = serializers.IntegerField(help_text="Distance from the root, negative upstream.")
    visible = serializers.BooleanField(help_text="Whether the caller may see the version.")
    frozen = serializers.BooleanField(
        help_text="Named by the frozen provenance of a version that the caller may see."
    )


class EdgeSerializer(serializers.Serializer[Any]):
    """An edge: data flows from one node to another."""

    relation = serializers.CharField(
        allow_null=True, help_text="Link role of the target, or promoted; null where hidden."
    )
    run = serializers.UUIDField(
        allow_null=True, help_text="OpenLineage run, of a promotion its id; null where hidden."
    )

    def get_fields(self) -> dict[str, Field]:
        """Return the fields; ``from`` is a word of the language and cannot be an attribute."""
        ends: dict[str, Field] = {
            "from": serializers.CharField(source="source"),
            "to": serializers.CharField(source="target"),
        }
        return ends | super().get_fields()


class LevelSerializer(serializers.Serializer[Any]):
    """How many nodes a level has."""

    level = serializers.IntegerField()
    nodes = serializers.IntegerField()


class GraphSerializer(serializers.Serializer[Graph]):
    """The graph around one version."""

    direction = serializers.CharField()
    depth = serializers.IntegerField()
    nodes = NodeSerializer(many=True)
    edges = EdgeSerializer(many=True)
    levels = LevelSerializer(many=True)
    truncated = serializers.BooleanField(help_text="A limit on nodes or edges left some out.")
    has_more = serializers.BooleanField(help_text="There are versions beyond the depth.")

    def get_fields(self) -> dict[str, Field]:
        """Return the fields; every serializer has a ``root`` of another meaning."""
        root: dict[str, Field] = {"root": serializers.UUIDField()}
        return root | super().get_fields()


class EventQuerySerializer(serializers.Serializer[Any]):
    """Which events to list."""

    run = serializers.UUIDField(required=False)
    action = serializers.CharField(max_length=100, required=False)
    kind = serializers.ChoiceField(choices=LineageEvent.Kind.values, required=False)
    event_type = serializers.CharField(max_length=10, required=False)
    workspace = serializers.CharField(max_length=63, required=False)
    subject = serializers.CharField(
        max_length=1_000, required=False, help_text="Version or asset that the event names."
    )


class EventSerializer(serializers.ModelSerializer[LineageEvent]):
    """An event as lists answer it."""

    workspace = serializers.CharField(source="workspace.slug")
    entry = serializers.UUIDField(source="entry.uuid", help_text="Journal entry behind it.")
    seq = serializers.IntegerField(source="entry.sequence.seq")
    withheld = serializers.BooleanField(
        source="is_withheld", help_text="It names versions that the caller may not see."
    )

    class Meta:
        model = LineageEvent
        fields: tuple[str, ...] = (
            "uuid",
            "kind",
            "event_type",
            "event_time",
            "run",
            "job",
            "action",
            "subject",
            "workspace",
            "digest",
            "entry",
            "seq",
            "stored_at",
            "withheld",
        )


class EventDetailSerializer(EventSerializer):
    """An event with its body."""

    event = serializers.SerializerMethodField()

    class Meta(EventSerializer.Meta):
        fields = (*EventSerializer.Meta.fields, "event")

    def get_event(self, event: Any) -> dict[str, Any] | None:
        """Return the OpenLineage event as it is sent out; null where withheld."""
        if event.is_withheld:
            return None
        body: dict[str, Any] = json.loads(bytes(event.body))
        return body
