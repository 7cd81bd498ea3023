"""Received events over HTTP, to look at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.response import Response

from core.http.views import ActorViewSet
from lineage.models import LineageEvent, ReceivedEvent
from lineage.queries import received

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class ReceivedQuerySerializer(serializers.Serializer[Any]):
    """Which received events to list."""

    run = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField(choices=LineageEvent.Kind.values, required=False)
    event_type = serializers.CharField(max_length=10, required=False)
    workspace = serializers.CharField(max_length=63, required=False)
    job_namespace = serializers.CharField(max_length=1_000, required=False)
    job = serializers.CharField(max_length=1_000, required=False)
    warned = serializers.BooleanField(
        required=False, default=None, allow_null=True, help_text="With warnings, or without any."
    )


class WarningSerializer(serializers.Serializer[Any]):
    """What of an event did not fit."""

    pointer = serializers.CharField(help_text="JSON pointer (RFC 6901) into the event.")
    reason = serializers.CharField()


class NameSerializer(serializers.Serializer[Any]):
    """What OpenLineage calls a job or a dataset."""

    namespace = serializers.CharField()
    name = serializers.CharField()


class ReceivedEventSerializer(serializers.ModelSerializer[ReceivedEvent]):
    """A received event as lists answer it."""

    workspace = serializers.CharField(source="workspace.slug")
    run = serializers.UUIDField(source="run_id", allow_null=True)
    job = NameSerializer(allow_null=True)
    dataset = NameSerializer(allow_null=True)
    warnings = WarningSerializer(many=True)
    received_by = serializers.CharField(source="received_by.username")

    class Meta:
        model = ReceivedEvent
        fields: tuple[str, ...] = (
            "uuid",
            "workspace",
            "kind",
            "event_type",
            "event_time",
            "run",
            "job",
            "dataset",
            "digest",
            "warnings",
            "received_at",
            "received_by",
        )


class ReceivedEventDetailSerializer(ReceivedEventSerializer):
    """A received event with what was sent."""

    event = serializers.SerializerMethodField()

    class Meta(ReceivedEventSerializer.Meta):
        fields = (*ReceivedEventSerializer.Meta.fields, "event")

    def get_event(self, event: ReceivedEvent) -> dict[str, Any]:
        """Return the OpenLineage event as it was sent, keys sorted."""
        body: dict[str, Any] = json.loads(bytes(event.body))
        return body


class ReceivedEventViewSet(mixins.ListModelMixin, ActorViewSet):
    """OpenLineage events that other systems sent into workspaces of the caller, newest first."""

    queryset = ReceivedEvent.objects.none()
    serializer_class = ReceivedEventSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[ReceivedEvent]:
        shape = ReceivedQuerySerializer(data=self.request.query_params)
        shape.is_valid(raise_exception=True)
        query = received.ReceivedQuery(**shape.validated_data)
        return received.received_events(self.actor, query)

    @extend_schema(parameters=[ReceivedQuerySerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one page of events, without their bodies."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=ReceivedEventDetailSerializer)
    def retrieve(self, request: Request, uuid: Any) -> Response:
        """Answer one event with what was sent."""
        found = received.received_event(self.actor, uuid)
        return Response(ReceivedEventDetailSerializer(found).data)
