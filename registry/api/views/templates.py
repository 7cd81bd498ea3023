"""Prompt templates over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.serializers.documents import ImportedSerializer
from registry.api.serializers.templates import (
    InstantiateSerializer,
    TemplatePageSerializer,
    TemplateSerializer,
)
from registry.queries.templates import template, templates
from registry.queries.versions import version_by_uuid
from registry.services import templates as service

if TYPE_CHECKING:
    from rest_framework.request import Request

NAME_IN_PATH = OpenApiParameter("name", str, OpenApiParameter.PATH)


class TemplateViewSet(ActorViewSet):
    """The prompt templates that the product ships; everybody who is signed in may read them."""

    lookup_field = "name"
    lookup_value_converter = "str"
    serializer_class = TemplateSerializer
    pagination_class = None
    filter_backends = ()
    lists_whole = True

    @extend_schema(operation_id="registry_templates_list", responses=TemplatePageSerializer)
    def list(self, request: Request) -> Response:
        """Answer every template."""
        results = TemplateSerializer(list(templates().values()), many=True).data
        return Response({"results": results, "next": None})

    @extend_schema(parameters=[NAME_IN_PATH], responses=TemplateSerializer)
    def retrieve(self, request: Request, name: str) -> Response:
        """Answer one template."""
        return Response(TemplateSerializer(template(name)).data)

    @extend_schema(
        parameters=[NAME_IN_PATH],
        request=InstantiateSerializer,
        responses={200: ImportedSerializer, 201: ImportedSerializer},
    )
    @action(detail=True, methods=["post"])
    def instantiate(self, request: Request, name: str) -> Response:
        """Make a prompt of the template in a workspace, with a draft card."""
        shape = InstantiateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        options = dict(shape.validated_data)
        made = service.instantiate(
            actor=self.actor, template=name, name=options.pop("name"), **options
        )
        told = {
            "version": version_by_uuid(self.actor, made.version.uuid),
            "is_new": made.is_new,
            "aliases_left": made.aliases_left,
        }
        code = status.HTTP_201_CREATED if made.is_new else status.HTTP_200_OK
        return Response(ImportedSerializer(told).data, status=code)
