"""Versions as documents over HTTP: validate, export, import."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.parsers import StrictJSONParser
from core.http.views import ActorViewSet
from core.http.yaml_parser import PlainYAMLParser
from core.plain_yaml import MEDIA_TYPE, dumps
from registry.api.serializers.documents import (
    DocumentSerializer,
    ExportSerializer,
    ImportedSerializer,
    ImportSerializer,
    ValidationSerializer,
)
from registry.api.serializers.versions import VersionCreateSerializer
from registry.models import AssetVersion
from registry.queries.documents import export
from registry.queries.versions import version_by_uuid
from registry.services import documents

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class DocumentViewSet(ActorViewSet):
    """Versions as documents."""

    queryset = AssetVersion.objects.none()
    serializer_class = DocumentSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(request=VersionCreateSerializer, responses=ValidationSerializer)
    @action(detail=False, methods=["post"])
    def validate(self, request: Request) -> Response:
        """Answer what registering would, and write nothing."""
        shape = VersionCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        validation = documents.validate(actor=self.actor, **shape.validated_data)
        return Response(ValidationSerializer(validation).data)

    @extend_schema(
        parameters=[ExportSerializer],
        responses={
            (200, MEDIA_TYPE): OpenApiTypes.BINARY,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
    )
    @action(detail=True)
    def export(self, request: Request, uuid: UUID) -> HttpResponse:
        """Answer the version as a document that ``import`` takes."""
        shape = ExportSerializer(data=request.query_params.dict())
        shape.is_valid(raise_exception=True)
        document = export(self.actor, uuid)
        if shape.validated_data["as"] == "yaml":
            return HttpResponse(dumps(document), content_type=f"{MEDIA_TYPE}; charset=utf-8")
        text = json.dumps(document, ensure_ascii=False, indent=2)
        return HttpResponse(text, content_type="application/json")

    @extend_schema(
        parameters=[ImportSerializer],
        request={"application/json": DocumentSerializer, MEDIA_TYPE: DocumentSerializer},
        responses={200: ImportedSerializer, 201: ImportedSerializer},
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="import",
        parser_classes=[StrictJSONParser, PlainYAMLParser],
    )
    def import_document(self, request: Request) -> Response:
        """Register the version of a document; 200 instead of 201 when its content was there."""
        options = ImportSerializer(data=request.query_params.dict())
        options.is_valid(raise_exception=True)
        shape = DocumentSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        done = documents.import_document(
            actor=self.actor, document=shape.validated_data, **options.validated_data
        )
        code = status.HTTP_201_CREATED if done.is_new else status.HTTP_200_OK
        told = {
            "version": version_by_uuid(self.actor, done.version.uuid),
            "is_new": done.is_new,
            "aliases_left": done.aliases_left,
        }
        return Response(ImportedSerializer(told).data, status=code)
