"""Streams of the journal over HTTP, for administrators of the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.streams import (
    KeyedStreamSerializer,
    StreamCreateSerializer,
    StreamedAgainSerializer,
    StreamLettersSerializer,
    StreamPatchSerializer,
    StreamReasonSerializer,
    StreamReplaySerializer,
    StreamSerializer,
)
from audits.models import Stream
from audits.services.streams import managing, operating
from core.errors import NotFound
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from audits.services.streams.managing import Keyed

SHOWN_LETTERS = 100


class StreamViewSet(mixins.ListModelMixin, ActorViewSet):
    """Where the journal is streamed to: how far each receiver is, and its last error."""

    queryset = Stream.objects.none()
    serializer_class = StreamSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Stream]:
        return operating.streams(self.actor)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "slugs": operating.slugs()}

    def _told(self, uuid: UUID) -> dict[str, Any]:
        found = operating.streams(self.actor).filter(uuid=uuid).first()
        if found is None:
            raise NotFound
        return StreamSerializer(found, context={"slugs": operating.slugs()}).data

    @extend_schema(responses=StreamSerializer)
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer one stream."""
        return Response(self._told(uuid))

    def _keyed(self, keyed: Keyed, *, code: int) -> Response:
        body = self._told(keyed.stream.uuid) | {"secret": keyed.secret}
        return Response(body, status=code, headers={"Cache-Control": "no-store"})

    @extend_schema(request=StreamCreateSerializer, responses={201: KeyedStreamSerializer})
    def create(self, request: Request) -> Response:
        """Make a stream; over HTTP, the key that signs bodies is answered this once."""
        shape = StreamCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        return self._keyed(managing.create(actor=self.actor, **shape.validated_data), code=201)

    @extend_schema(request=StreamPatchSerializer, responses=KeyedStreamSerializer)
    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Change a stream, or its secrets."""
        shape = StreamPatchSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changes = dict(shape.validated_data)
        reason = changes.pop("reason")
        keyed = managing.change(actor=self.actor, stream=uuid, changes=changes, reason=reason)
        return self._keyed(keyed, code=200)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Delete a stream with its secrets."""
        managing.delete(actor=self.actor, stream=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=StreamReasonSerializer, responses=StreamSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, uuid: UUID) -> Response:
        """Pause a stream; it goes on from there when it is resumed."""
        return self._switch(request, uuid, active=False)

    @extend_schema(request=StreamReasonSerializer, responses=StreamSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, uuid: UUID) -> Response:
        """Let a stream go on from where it was paused."""
        return self._switch(request, uuid, active=True)

    def _switch(self, request: Request, uuid: UUID, *, active: bool) -> Response:
        shape = StreamReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        managing.switch(actor=self.actor, stream=uuid, active=active, **shape.validated_data)
        return Response(self._told(uuid))

    @extend_schema(request=None, responses={202: StreamSerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, uuid: UUID) -> Response:
        """Have a test event sent; ``test_result`` tells what came of it."""
        operating.request_test(actor=self.actor, stream=uuid)
        shown = self._told(uuid)
        return Response(shown, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=StreamReplaySerializer, responses={202: StreamedAgainSerializer})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, uuid: UUID) -> Response:
        """Send entries once more, from a place or from a time on."""
        shape = StreamReplaySerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        count = operating.replay(actor=self.actor, stream=uuid, **shape.validated_data)
        return Response({"entries": count}, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: StreamedAgainSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, uuid: UUID) -> Response:
        """Send once more what the receiver refused."""
        count = operating.retry(actor=self.actor, stream=uuid)
        return Response({"entries": count}, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=StreamLettersSerializer)
    @action(detail=True, pagination_class=None)
    def letters(self, request: Request, uuid: UUID) -> Response:
        """Answer what the receiver refused, the newest first."""
        rows = managing.managed(self.actor, uuid).letters.filter(resolved_at__isnull=True)
        shown = rows.select_related("entry").order_by("-failed_at")[:SHOWN_LETTERS]
        return Response(StreamLettersSerializer({"results": shown}).data)
