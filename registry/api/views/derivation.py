"""From the catalogue to something of one's own, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.serializers.access_requests import DeploySerializer, DeriveSerializer
from registry.api.serializers.deployments import DeploymentRevisionSerializer
from registry.api.serializers.versions import VersionSerializer
from registry.api.views.life import checked
from registry.models import AssetVersion
from registry.services import derivation

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class VersionDerivationViewSet(ActorViewSet):
    """Make a version from another; deploy one."""

    queryset = AssetVersion.objects.none()
    serializer_class = VersionSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(request=DeriveSerializer, responses={201: VersionSerializer})
    @action(detail=True, methods=["post"])
    def derive(self, request: Request, uuid: UUID) -> Response:
        """Register a version made from this one, linked to it."""
        given = checked(DeriveSerializer, request)
        made = derivation.derive(actor=self.actor, version=uuid, **given)
        return Response(VersionSerializer(made.version).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DeploySerializer, responses={201: DeploymentRevisionSerializer})
    @action(detail=True, methods=["post"])
    def deploy(self, request: Request, uuid: UUID) -> Response:
        """Make a deployment that sends all of its traffic to this version."""
        given = checked(DeploySerializer, request)
        made = derivation.deploy(actor=self.actor, version=uuid, **given)
        return Response(DeploymentRevisionSerializer(made).data, status=status.HTTP_201_CREATED)
