"""Configured resources over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.assignments import ReasonSerializer
from policies.api.serializers.resources import ResourceSerializer
from policies.models import Resource
from policies.services import resources
from registry import access

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


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
