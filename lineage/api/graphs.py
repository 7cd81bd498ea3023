"""Graphs over HTTP: around a node, between two, of a run, and of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.http.negotiation import FormatIsAParameter
from core.http.views import ActorViewSet
from lineage.api.serializers import (
    ColumnQuerySerializer,
    ColumnsSerializer,
    GraphQuerySerializer,
    GraphSerializer,
    PathQuerySerializer,
    ReachQuerySerializer,
    ReachSerializer,
)
from lineage.api.tables import nodes_as_csv
from lineage.graph import explore
from lineage.graph.columns import columns
from lineage.graph.paths import between
from lineage.graph.reach import reach
from lineage.graph.rollups import roll_up
from lineage.graph.runs import of_run
from lineage.models import LineageEvent

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.serializers import Serializer


class GraphView(ActorViewSet):
    """What the addresses of graphs have in common."""

    queryset = LineageEvent.objects.none()
    filter_backends = ()
    pagination_class = None
    lists_whole = True

    def asked(self, shape: type[Serializer[Any]]) -> dict[str, Any]:
        """Return the query, checked by ``shape``."""
        checked = shape(data=self.request.query_params)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)


class GraphViewSet(GraphView):
    """The graph around a node."""

    content_negotiation_class = FormatIsAParameter

    @extend_schema(
        parameters=[GraphQuerySerializer],
        responses={
            (200, "application/json"): GraphSerializer,
            (200, "text/csv"): OpenApiTypes.BINARY,
        },
    )
    def list(self, request: Request) -> HttpResponseBase:
        """Answer where a version came from, and what it went into; as JSON, or its nodes as CSV."""
        asked = self.asked(GraphQuerySerializer)
        file_format, by = asked.pop("format"), asked.pop("roll_up", "")
        graph = explore(self.actor, **asked)
        if by:
            graph = roll_up(graph, by)
        if file_format == "csv":
            return nodes_as_csv(graph)
        return Response(GraphSerializer(graph).data)


class PathViewSet(GraphView):
    """The ways of data from one node to another."""

    @extend_schema(parameters=[PathQuerySerializer], responses=GraphSerializer)
    def list(self, request: Request) -> Response:
        """Answer everything that lies on a way from ``start`` to ``end``; without edges where
        there is no way."""
        return Response(
            GraphSerializer(between(self.actor, **self.asked(PathQuerySerializer))).data
        )


class ReachViewSet(GraphView):
    """How much lies in one direction, without a limit."""

    @extend_schema(parameters=[ReachQuerySerializer], responses=ReachSerializer)
    def list(self, request: Request) -> Response:
        """Answer how many versions came of a version, or it came from, by workspace and kind."""
        found = reach(self.actor, **self.asked(ReachQuerySerializer))
        return Response(ReachSerializer(found).data)


class RunViewSet(GraphView):
    """What one run read and made."""

    @extend_schema(responses=GraphSerializer)
    def retrieve(self, request: Request, uuid: Any) -> Response:
        """Answer the edges that an OpenLineage run made, of our own work or of others'."""
        return Response(GraphSerializer(of_run(self.actor, uuid)).data)


class ColumnViewSet(GraphView):
    """Lineage between columns."""

    @extend_schema(parameters=[ColumnQuerySerializer], responses=ColumnsSerializer)
    def list(self, request: Request) -> Response:
        """Answer which columns a column, or every column of a dataset, came from or went into."""
        return Response(
            ColumnsSerializer(columns(self.actor, **self.asked(ColumnQuerySerializer))).data
        )
