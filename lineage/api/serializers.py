"""Shapes of the graph and of events."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers

from lineage.api.tables import FormatSerializer
from lineage.graph.exploration import DEFAULT_DEPTH, MAX_DEPTH
from lineage.graph.rollups import ROLL_UPS
from lineage.graph.shapes import Direction, Graph, Node, NodeType
from lineage.models import LineageEvent

Field = serializers.Field[Any, Any, Any, Any]


NODE = "Reference of a version, by number or alias; or the id of a dataset outside."
AS_OF = "The graph as it was known at that moment; now without."


class WalkQuerySerializer(serializers.Serializer[Any]):
    """What to explore."""

    node = serializers.CharField(max_length=1_000, help_text=NODE)
    direction = serializers.ChoiceField(
        choices=[direction.value for direction in Direction], default=Direction.BOTH.value
    )
    depth = serializers.IntegerField(
        min_value=0, max_value=MAX_DEPTH, default=DEFAULT_DEPTH, help_text="Number of levels."
    )
    as_of = serializers.DateTimeField(required=False, help_text=AS_OF)


class GraphQuerySerializer(WalkQuerySerializer, FormatSerializer):
    """What to explore, and how to answer."""

    roll_up = serializers.ChoiceField(
        choices=ROLL_UPS, required=False, help_text="What to show instead of versions."
    )


class PathQuerySerializer(serializers.Serializer[Any]):
    """From where to where."""

    start = serializers.CharField(max_length=1_000, help_text=NODE)
    end = serializers.CharField(max_length=1_000, help_text=NODE)
    as_of = serializers.DateTimeField(required=False, help_text=AS_OF)


class ColumnQuerySerializer(serializers.Serializer[Any]):
    """Which columns to ask about."""

    namespace = serializers.CharField(max_length=2_000)
    dataset = serializers.CharField(max_length=2_000)
    column = serializers.CharField(
        max_length=1_000, required=False, help_text="One column; all of the dataset's without."
    )
    direction = serializers.ChoiceField(
        choices=[direction.value for direction in Direction], default=Direction.UPSTREAM.value
    )
    depth = serializers.IntegerField(min_value=0, max_value=MAX_DEPTH, default=10)
    as_of = serializers.DateTimeField(required=False, help_text=AS_OF)


class ColumnSerializer(serializers.Serializer[Any]):
    """A column of a dataset outside."""

    namespace = serializers.CharField()
    dataset = serializers.CharField()
    column = serializers.CharField()
    level = serializers.IntegerField(help_text="Distance from the column, negative upstream.")


class ColumnEdgeSerializer(serializers.Serializer[Any]):
    """One column was made from another; each is namespace, dataset and column."""

    job = serializers.CharField(allow_null=True)
    transformations = serializers.ListField(child=serializers.DictField())

    def get_fields(self) -> dict[str, Field]:
        """Return the fields; ``from`` is a word of the language."""
        ends: dict[str, Field] = {
            "from": serializers.ListField(child=serializers.CharField(), source="source"),
            "to": serializers.ListField(child=serializers.CharField(), source="target"),
        }
        return ends | super().get_fields()


class ColumnsSerializer(serializers.Serializer[Any]):
    """Columns and what leads from one to the next."""

    columns = ColumnSerializer(many=True)
    edges = ColumnEdgeSerializer(many=True)
    truncated = serializers.BooleanField()


class ReachQuerySerializer(serializers.Serializer[Any]):
    """How far what reaches."""

    node = serializers.CharField(max_length=1_000, help_text="Reference of a version.")
    direction = serializers.ChoiceField(
        choices=[Direction.UPSTREAM.value, Direction.DOWNSTREAM.value],
        default=Direction.DOWNSTREAM.value,
    )
    as_of = serializers.DateTimeField(required=False, help_text=AS_OF)


class ReachedSerializer(serializers.Serializer[Any]):
    """How many versions of a kind a workspace has in reach."""

    workspace = serializers.CharField()
    stage = serializers.CharField()
    kind = serializers.CharField()
    versions = serializers.IntegerField()


class ReachSerializer(serializers.Serializer[Any]):
    """How many versions lie in one direction of a version, at any distance."""

    direction = serializers.CharField()
    total = serializers.IntegerField()
    counts = ReachedSerializer(many=True)


class ExportQuerySerializer(WalkQuerySerializer):
    """What to export: all around a node, unless said otherwise, or what lies in a workspace."""

    node = serializers.CharField(max_length=1_000, required=False, help_text=NODE)
    workspace = serializers.CharField(
        max_length=63,
        required=False,
        help_text="All of a workspace, with what it came from directly, instead of a node.",
    )
    depth = serializers.IntegerField(
        min_value=0, max_value=MAX_DEPTH, default=MAX_DEPTH, help_text="Number of levels."
    )


class NodeSerializer(serializers.Serializer[Node]):
    """A node of the graph; see visible and frozen for a version that the caller may not read."""

    id = serializers.CharField(
        help_text="Public id of the version; hidden-1 and so on where it is hidden."
    )
    type = serializers.ChoiceField(choices=[kind.value for kind in NodeType])
    ref = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    namespace = serializers.CharField(
        allow_null=True, help_text="OpenLineage namespace of a dataset outside."
    )
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
    members = serializers.IntegerField(help_text="How many nodes a roll-up stands for; else 1.")


class EdgeSerializer(serializers.Serializer[Any]):
    """An edge: data flows from one node to another."""

    relation = serializers.CharField(
        allow_null=True,
        help_text="Link role of the target, promoted, located_at or symlink; between datasets"
        " outside how it is known: explicit, column or cartesian. Null where hidden.",
    )
    run = serializers.UUIDField(
        allow_null=True, help_text="OpenLineage run, of a promotion its id; null where hidden."
    )
    job = serializers.CharField(
        allow_null=True, help_text="Namespace/name of the job that others told of."
    )
    recorded_at = serializers.DateTimeField(allow_null=True, help_text="When it was first known.")

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
    """The graph around one node."""

    direction = serializers.CharField()
    depth = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)
    settled = serializers.BooleanField(
        help_text="Everything that had happened by then is in it, so that it stays as it is."
    )
    nodes = NodeSerializer(many=True)
    edges = EdgeSerializer(many=True)
    levels = LevelSerializer(many=True)
    truncated = serializers.BooleanField(help_text="A limit on nodes or edges left some out.")
    has_more = serializers.BooleanField(help_text="There are nodes beyond the depth.")

    def get_fields(self) -> dict[str, Field]:
        """Return the fields; every serializer has a ``root`` of another meaning."""
        root: dict[str, Field] = {"root": serializers.CharField()}
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
