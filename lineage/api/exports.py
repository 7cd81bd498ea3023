"""Exports of lineage over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.http.views import ActorViewSet
from lineage.api.serializers import ExportQuerySerializer
from lineage.models import LineageEvent
from lineage.services.exporting import FORMATS, export

if TYPE_CHECKING:
    from rest_framework.request import Request

ANY_DOCUMENT = {"oneOf": [{"type": "array", "items": {"type": "object"}}, {"type": "object"}]}
HIDDEN, PARTIAL = "Muniment-Hidden-Versions", "Muniment-Partial"


class ExportViewSet(ActorViewSet):
    """The lineage of a node or a workspace as other catalogues take it."""

    queryset = LineageEvent.objects.none()
    filter_backends = ()
    pagination_class = None
    lists_whole = True
    lookup_url_kwarg = "target"
    lookup_value_converter = "str"

    @extend_schema(
        operation_id="lineage_export",
        parameters=[
            ExportQuerySerializer,
            OpenApiParameter("target", str, OpenApiParameter.PATH, enum=list(FORMATS)),
            OpenApiParameter(HIDDEN, int, OpenApiParameter.HEADER, response=True),
            OpenApiParameter(PARTIAL, bool, OpenApiParameter.HEADER, response=True),
        ],
        responses={200: ANY_DOCUMENT},
    )
    def retrieve(self, request: Request, target: str) -> Response:
        """Answer the document; the headers say what it lacks."""
        shape = ExportQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        found = export(self.actor, target, **shape.validated_data)
        headers = {HIDDEN: str(found.hidden), PARTIAL: "true" if found.is_partial else "false"}
        return Response(found.document, headers=headers)
