"""Sinks over HTTP: how far each is, and once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from lineage.api.sink_serializers import ReplaySerializer, SentAgainSerializer, SinkSerializer
from lineage.models import Sink
from lineage.services import operating

if TYPE_CHECKING:
    from rest_framework.request import Request


class SinkViewSet(ActorViewSet):
    """Where OpenLineage events go, for administrators of the organisation."""

    queryset = Sink.objects.none()
    filter_backends: ClassVar[tuple[()]] = ()
    pagination_class = None
    lists_whole = True
    lookup_url_kwarg = "name"
    lookup_value_converter = "str"

    @extend_schema(responses=SinkSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Answer every sink that is configured, and how far behind it is."""
        return Response(SinkSerializer(operating.statuses(self.actor), many=True).data)

    @extend_schema(request=ReplaySerializer, responses={202: SentAgainSerializer})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, name: str) -> Response:
        """Send events once more, from one or from a time on."""
        shape = ReplaySerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        count = operating.replay(actor=self.actor, sink=name, **shape.validated_data)
        return Response({"events": count}, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: SentAgainSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, name: str) -> Response:
        """Send once more what the sink did not take."""
        count = operating.retry_dead_letters(actor=self.actor, sink=name)
        return Response({"events": count}, status=status.HTTP_202_ACCEPTED)
