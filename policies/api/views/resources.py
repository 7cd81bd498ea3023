"""Configured resources and snapshots over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.assignments import ReasonSerializer
from policies.api.serializers.resources import (
    ResourceSerializer,
    SnapshotCreateSerializer,
    SnapshotDetailSerializer,
    SnapshotSerializer,
)
from policies.models import Resource, Snapshot
from policies.services import resources
from registry import access

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer


class ResourceFilter(filters.FilterSet):
    """Filters of resources."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    source = filters.CharFilter()
    type = filters.CharFilter(lookup_expr="iexact")
    external_id = filters.CharFilter()
    is_retired = filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Resource
        fields: tuple[str, ...] = ()


class ResourceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Configured resources of the caller's workspaces."""

    queryset = Resource.objects.none()
    serializer_class = ResourceSerializer
    filterset_class = ResourceFilter

    def get_queryset(self) -> QuerySet[Resource]:
        return Resource.objects.filter(access.in_reach(self.actor)).select_related("workspace")

    @extend_schema(request=ReasonSerializer, responses=ResourceSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, uuid: UUID) -> Response:
        """Take a resource that is gone out of account."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        retired = resources.retire(actor=self.actor, resource=uuid, **shape.validated_data)
        return Response(ResourceSerializer(retired).data)


class SnapshotFilter(filters.FilterSet):
    """Filters of snapshots."""

    workspace = filters.CharFilter(field_name="resource__workspace__slug")
    resource = filters.UUIDFilter(field_name="resource__uuid")
    type = filters.CharFilter(field_name="resource__type", lookup_expr="iexact")
    provenance = filters.CharFilter()
    digest = filters.CharFilter()

    class Meta:
        model = Snapshot
        fields: tuple[str, ...] = ()


class SnapshotViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """What was told about resources, newest first."""

    queryset = Snapshot.objects.none()
    workspace_path = "resource__workspace"
    filterset_class = SnapshotFilter

    def get_queryset(self) -> QuerySet[Snapshot]:
        found = Snapshot.objects.filter(
            access.in_reach(self.actor, path="resource__workspace")
        ).select_related("resource__workspace", "submitted_by")
        return found if self.action == "retrieve" else found.defer("document")

    def get_serializer_class(self) -> type[BaseSerializer[Snapshot]]:
        return SnapshotDetailSerializer if self.action == "retrieve" else SnapshotSerializer

    @extend_schema(request=SnapshotCreateSerializer, responses={201: SnapshotSerializer})
    def create(self, request: Request) -> Response:
        """Submit what is known about a resource."""
        shape = SnapshotCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        address = resources.Address(
            **{name: given.pop(name) for name in ("source", "type", "external_id")}
        )
        snapshot = resources.submit_snapshot(actor=self.actor, address=address, **given)
        return Response(SnapshotSerializer(snapshot).data, status=status.HTTP_201_CREATED)
