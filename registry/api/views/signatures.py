"""Trusted keys and model signatures over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.serializers.signatures import (
    ModelSignatureSerializer,
    SignatureCreateSerializer,
    TrustedKeyCreateSerializer,
    TrustedKeySerializer,
)
from registry.models import ModelSignature, TrustedKey
from registry.queries.signatures import signatures_of, visible_keys
from registry.services import signatures, trusted_keys

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class TrustedKeyFilter(filters.FilterSet):
    """Filters of trusted keys."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    fingerprint = filters.CharFilter()
    open = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = TrustedKey
        fields: tuple[str, ...] = ()


class TrustedKeyViewSet(mixins.ListModelMixin, ActorViewSet):
    """Keys whose signatures workspaces trust, or trusted."""

    queryset = TrustedKey.objects.none()
    serializer_class = TrustedKeySerializer
    filterset_class = TrustedKeyFilter

    def get_queryset(self) -> QuerySet[TrustedKey]:
        return visible_keys(self.actor)

    @extend_schema(request=TrustedKeyCreateSerializer, responses={201: TrustedKeySerializer})
    def create(self, request: Request) -> Response:
        """Let a workspace trust a key from now on."""
        shape = TrustedKeyCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        trusted = trusted_keys.trust(actor=self.actor, **shape.validated_data)
        return Response(TrustedKeySerializer(trusted).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """End the trust; that there was one stays on record."""
        trusted_keys.distrust(actor=self.actor, key=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SignatureViewSet(ActorViewSet):
    """The signatures of one version."""

    queryset = ModelSignature.objects.none()
    serializer_class = ModelSignatureSerializer

    @extend_schema(responses=ModelSignatureSerializer(many=True))
    @action(detail=True, filter_backends=[])
    def signatures(self, request: Request, uuid: UUID) -> Response:
        """Answer the signatures of a version, newest first."""
        page = self.paginate_queryset(signatures_of(self.actor, uuid))
        return self.get_paginated_response(ModelSignatureSerializer(page, many=True).data)

    @extend_schema(request=SignatureCreateSerializer, responses={202: ModelSignatureSerializer})
    @signatures.mapping.post
    def add_signature(self, request: Request, uuid: UUID) -> Response:
        """Hand in a signature; a task verifies it."""
        shape = SignatureCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        added = signatures.add(actor=self.actor, version=uuid, **shape.validated_data)
        return Response(ModelSignatureSerializer(added).data, status=status.HTTP_202_ACCEPTED)
