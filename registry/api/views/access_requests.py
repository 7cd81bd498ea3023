"""Requests for access over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.serializers.access_requests import (
    AccessDecisionSerializer,
    AccessRequestCreateSerializer,
    AccessRequestSerializer,
    NothingSerializer,
)
from registry.api.views.life import checked
from registry.models import AccessRequest
from registry.queries.catalogue.discoverable import visible_requests
from registry.services import access_requests

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class AccessRequestFilter(filters.FilterSet):
    """Filters of requests for access."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    status = filters.CharFilter()

    class Meta:
        model = AccessRequest
        fields: tuple[str, ...] = ()


class AccessRequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """The caller's requests, and those that the caller may decide."""

    queryset = AccessRequest.objects.none()
    serializer_class = AccessRequestSerializer
    filterset_class = AccessRequestFilter
    view_right = "manage_members"

    def get_queryset(self) -> QuerySet[AccessRequest]:
        return visible_requests(self.actor)

    @extend_schema(request=AccessRequestCreateSerializer, responses={201: AccessRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a role in a workspace that the caller may read or discover."""
        made = access_requests.ask(
            actor=self.actor, **checked(AccessRequestCreateSerializer, request)
        )
        return Response(AccessRequestSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AccessDecisionSerializer, responses=AccessRequestSerializer)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, uuid: UUID) -> Response:
        """Grant the role that was asked for."""
        given = checked(AccessDecisionSerializer, request)
        found = access_requests.grant(actor=self.actor, request=uuid, **given)
        return Response(AccessRequestSerializer(found).data)

    @extend_schema(request=AccessDecisionSerializer, responses=AccessRequestSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, uuid: UUID) -> Response:
        """Decline it, for a reason."""
        given = checked(AccessDecisionSerializer, request)
        found = access_requests.decline(actor=self.actor, request=uuid, **given)
        return Response(AccessRequestSerializer(found).data)

    @extend_schema(request=NothingSerializer, responses=AccessRequestSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, uuid: UUID) -> Response:
        """Take a request of one's own back."""
        checked(NothingSerializer, request)
        found = access_requests.withdraw(actor=self.actor, request=uuid)
        return Response(AccessRequestSerializer(found).data)
