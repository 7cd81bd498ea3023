"""Rendered prompts over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.serializers import InputSerializer
from core.http.views import ActorViewSet
from registry.models import AssetVersion
from registry.queries.prompts import Rendered, render_version
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class RenderInputSerializer(InputSerializer):
    """What fills a prompt: a value per variable that it declares."""

    variables = serializers.DictField(default=dict)


class MessageSerializer(serializers.Serializer[Rendered]):
    """A filled message."""

    role = serializers.CharField()
    content = serializers.CharField()


class RenderedSerializer(serializers.Serializer[Rendered]):
    """A filled prompt: ``text`` or ``messages``, with what went in and a digest over that."""

    ref = serializers.CharField()
    digest = serializers.CharField()
    type = serializers.CharField()
    text = serializers.CharField(required=False)
    messages = MessageSerializer(many=True, required=False)
    variables = serializers.DictField()
    inputs_digest = serializers.CharField()


class VersionRenderViewSet(ActorViewSet):
    """Fills prompts."""

    queryset = AssetVersion.objects.none()
    serializer_class = RenderedSerializer

    @extend_schema(request=RenderInputSerializer, responses=RenderedSerializer)
    @action(detail=True, methods=["post"])
    def render(self, request: Request, uuid: UUID) -> Response:
        """Answer the prompt filled with ``variables``; nothing is stored."""
        shape = RenderInputSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        rendered = render_version(self.actor, uuid, shape.validated_data["variables"])
        return Response(
            {
                "ref": str(reference_of(rendered.version)),
                "digest": rendered.version.digest,
                **rendered.body,
                "variables": rendered.variables,
                "inputs_digest": rendered.inputs_digest,
            }
        )
