"""The transparency log over HTTP: checkpoints, keys and proofs.

Roots and hashes tell nothing of what they cover, so every authenticated caller may read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.log import (
    ConsistencyProofSerializer,
    ConsistencyQuerySerializer,
    LogAnchorsSerializer,
    LogCheckpointSerializer,
    LogKeySerializer,
    NewestCheckpointSerializer,
)
from audits.models import LogCheckpoint
from audits.queries import log
from audits.queries.cosigned import newest_cosigned, note_of, with_cosignatures
from audits.services.transparency import standing
from core.errors import NotFound
from core.http.negotiation import FormatIsAParameter
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class LogCheckpointViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Signed checkpoints, newest first; each is addressed by its size."""

    queryset = LogCheckpoint.objects.none()
    serializer_class = LogCheckpointSerializer
    filter_backends = ()
    lookup_field = "size"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[LogCheckpoint]:
        return with_cosignatures().order_by("-size")

    def get_object(self) -> LogCheckpoint:
        return log.checkpoint_at(self.kwargs["size"])

    @extend_schema(
        parameters=[NewestCheckpointSerializer],
        responses={(200, "text/plain"): OpenApiTypes.STR},
    )
    @action(detail=False, content_negotiation_class=FormatIsAParameter, pagination_class=None)
    def newest(self, request: Request) -> HttpResponse:
        """Answer the newest checkpoint as a note with its cosignatures, for monitors."""
        shape = NewestCheckpointSerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        checkpoint = newest_cosigned(shape.validated_data["witnesses"])
        if checkpoint is None:
            raise NotFound
        return HttpResponse(note_of(checkpoint), content_type="text/plain; charset=utf-8")

    @extend_schema(parameters=[ConsistencyQuerySerializer], responses=ConsistencyProofSerializer)
    @action(detail=False, pagination_class=None)
    def consistency(self, request: Request) -> Response:
        """Answer the proof that one signed tree is the beginning of another."""
        shape = ConsistencyQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        return Response(ConsistencyProofSerializer(log.consistency(**shape.validated_data)).data)

    @extend_schema(responses=LogKeySerializer(many=True))
    @action(detail=False, pagination_class=None)
    def keys(self, request: Request) -> Response:
        """Answer every public key: of the log, of receipts and of attestations, oldest first."""
        return Response(LogKeySerializer(log.keys(), many=True).data)


class LogAnchorViewSet(ActorViewSet):
    """Where checkpoints go to, for administrators of the organisation."""

    queryset = LogCheckpoint.objects.none()
    filter_backends = ()
    pagination_class = None
    lists_whole = True

    @extend_schema(responses=LogAnchorsSerializer)
    def list(self, request: Request) -> Response:
        """Answer every anchor that is configured: how far it is, and its last error."""
        return Response(LogAnchorsSerializer({"results": standing.standings(self.actor)}).data)
