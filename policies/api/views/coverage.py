"""How far policies cover frameworks of controls, over HTTP."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.coverage import (
    CoverageListQuerySerializer,
    CoverageQuerySerializer,
    FrameworkControlsSerializer,
    FrameworkCoverageSerializer,
    FrameworkPageSerializer,
)
from policies.packs.controls import frameworks
from policies.queries.coverage import coverage_of, coverage_of_all

IN_PATH = OpenApiParameter("framework", str, OpenApiParameter.PATH, enum=list(frameworks()))


class CoverageViewSet(ActorViewSet):
    """Frameworks of controls; every account may read what policies cover of them."""

    lookup_field = "framework"
    lookup_value_converter = "str"
    pagination_class = None
    filter_backends = ()
    lists_whole = True

    @extend_schema(
        operation_id="policies_coverage_list",
        parameters=[CoverageListQuerySerializer],
        responses=FrameworkPageSerializer,
    )
    def list(self, request: Request) -> Response:
        """Answer how much of each framework policies cover."""
        query = CoverageListQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = coverage_of_all(self.actor, **query.validated_data)
        results = FrameworkCoverageSerializer(found, many=True).data
        return Response({"results": results, "next": None})

    @extend_schema(
        parameters=[IN_PATH, CoverageQuerySerializer], responses=FrameworkControlsSerializer
    )
    def retrieve(self, request: Request, framework: str) -> Response:
        """Answer every control of a framework and the policies that refer to it."""
        query = CoverageQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = coverage_of(self.actor, framework, **query.validated_data)
        return Response(FrameworkControlsSerializer(found).data)
