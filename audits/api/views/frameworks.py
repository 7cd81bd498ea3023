"""Frameworks of controls over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.parsers import CatalogJSONParser, CatalogYAMLParser
from audits.api.serializers.frameworks import (
    FrameworkDetailSerializer,
    FrameworkDifferenceSerializer,
    FrameworkDiffQuerySerializer,
    FrameworkGapsSerializer,
    FrameworkImportSerializer,
    FrameworkListSerializer,
    FrameworkVersionQuerySerializer,
    GapsQuerySerializer,
    OwnFrameworkVersionSerializer,
    StandingQuerySerializer,
)
from audits.queries import gaps
from audits.queries.frameworks import framework, versions_of
from audits.services import frameworks
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from rest_framework.request import Request

IN_PATH = OpenApiParameter("name", str, OpenApiParameter.PATH)


class FrameworkViewSet(ActorViewSet):
    """Frameworks of controls; every account may read them, and how they stand where it sees."""

    lookup_field = "name"
    lookup_value_converter = "str"
    pagination_class = None
    filter_backends = ()
    lists_whole = True
    parser_classes = (CatalogJSONParser, CatalogYAMLParser)

    @extend_schema(
        operation_id="audits_frameworks_list",
        parameters=[StandingQuerySerializer],
        responses=FrameworkListSerializer,
    )
    def list(self, request: Request) -> Response:
        """Answer every framework, and how much speaks for its controls."""
        shape = StandingQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        found = gaps.standings(self.actor, **shape.validated_data)
        told = {
            "results": found.frameworks,
            "next": None,
            "workspaces": found.workspaces,
            "scans": found.scans,
        }
        return Response(FrameworkListSerializer(told).data)

    @extend_schema(
        request=FrameworkImportSerializer, responses={201: OwnFrameworkVersionSerializer}
    )
    def create(self, request: Request) -> Response:
        """Import an OSCAL catalog as the next version of a framework."""
        shape = FrameworkImportSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        document = {"catalog": given.pop("catalog")}
        made = frameworks.import_catalog(actor=self.actor, document=document, **given)
        return Response(OwnFrameworkVersionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[IN_PATH, FrameworkVersionQuerySerializer], responses=FrameworkDetailSerializer
    )
    def retrieve(self, request: Request, name: str) -> Response:
        """Answer a framework with its controls."""
        found = framework(name, **self._version(request))
        return Response(FrameworkDetailSerializer(found).data)

    @extend_schema(parameters=[IN_PATH, GapsQuerySerializer], responses=FrameworkGapsSerializer)
    @action(detail=True)
    def gaps(self, request: Request, name: str) -> Response:
        """Answer how every control stands: what is for it, what scans found, what is missing."""
        shape = GapsQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        asked = dict(shape.validated_data)
        level, verdict = asked.pop("level", None), asked.pop("verdict", None)
        found = gaps.standing(self.actor, name, **asked)
        (only,) = found.frameworks
        told = {
            "framework": only.framework,
            "at": found.at,
            "workspaces": found.workspaces,
            "scans": found.scans,
            "coverage": only.coverage,
            "results": [
                each
                for each in only.controls
                if level in {None, each.level.value} and verdict in {None, each.verdict}
            ],
        }
        return Response(FrameworkGapsSerializer(told).data)

    @extend_schema(
        parameters=[IN_PATH, FrameworkVersionQuerySerializer],
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
    )
    @action(detail=True)
    def catalog(self, request: Request, name: str) -> Response:
        """Answer the framework as an OSCAL catalog; an imported one as it came."""
        return Response(frameworks.exported_catalog(name, **self._version(request)))

    @extend_schema(parameters=[IN_PATH], responses=OwnFrameworkVersionSerializer(many=True))
    @action(detail=True)
    def versions(self, request: Request, name: str) -> Response:
        """Answer the versions of an imported framework, newest first; what ships has none."""
        return Response(OwnFrameworkVersionSerializer(versions_of(name), many=True).data)

    @extend_schema(
        parameters=[IN_PATH, FrameworkDiffQuerySerializer],
        responses=FrameworkDifferenceSerializer,
    )
    @action(detail=True)
    def diff(self, request: Request, name: str) -> Response:
        """Answer what changed between two versions of an imported framework."""
        shape = FrameworkDiffQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        found = frameworks.compared(name, **shape.validated_data)
        return Response(FrameworkDifferenceSerializer(found).data)

    def _version(self, request: Request) -> dict[str, Any]:
        shape = FrameworkVersionQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        return dict(shape.validated_data)
