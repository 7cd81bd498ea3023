"""The events and the schemas of our facets over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http.views import ActorViewSet
from lineage.api.serializers import (
    EventDetailSerializer,
    EventQuerySerializer,
    EventSerializer,
)
from lineage.models import LineageEvent
from lineage.queries import events, schemas

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class EventViewSet(mixins.ListModelMixin, ActorViewSet):
    """OpenLineage events of the workspaces that the caller may see, newest first."""

    queryset = LineageEvent.objects.none()
    serializer_class = EventSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[LineageEvent]:
        shape = EventQuerySerializer(data=self.request.query_params)
        shape.is_valid(raise_exception=True)
        return events.events(self.actor, events.EventQuery(**shape.validated_data))

    @extend_schema(parameters=[EventQuerySerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one page of events, without their bodies."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=EventDetailSerializer)
    def retrieve(self, request: Request, uuid: Any) -> Response:
        """Answer one event with its body."""
        return Response(EventDetailSerializer(events.event(self.actor, uuid)).data)


class FacetSchemaView(APIView):
    """The JSON Schemas that events name: whoever gets our events must be able to read them."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="lineage_facet_schema", responses={200: {"type": "object"}})
    def get(self, request: Request, facet: str, version: str) -> Response:
        """Answer the schema of one version of a facet; it never changes."""
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(schemas.facet_schema(facet, version), headers=headers)
