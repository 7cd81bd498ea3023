"""Metric definitions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.serializers.metrics import MetricDefineSerializer, MetricDefinitionSerializer
from registry.models import MetricDefinition
from registry.queries.metrics import visible_definitions
from registry.services import metrics

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class MetricDefinitionFilter(filters.FilterSet):
    """Filters of definitions; ``is_current=true`` leaves earlier revisions out."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    name = filters.CharFilter()
    evaluator_kind = filters.CharFilter()
    is_current = filters.BooleanFilter()

    class Meta:
        model = MetricDefinition
        fields: tuple[str, ...] = ()


class MetricDefinitionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Metric definitions: the organisation's, and those of workspaces that the caller may see."""

    queryset = MetricDefinition.objects.none()
    serializer_class = MetricDefinitionSerializer
    filterset_class = MetricDefinitionFilter

    def get_queryset(self) -> QuerySet[MetricDefinition]:
        return visible_definitions(self.actor)

    @extend_schema(request=MetricDefineSerializer, responses={201: MetricDefinitionSerializer})
    def create(self, request: Request) -> Response:
        """Define a metric; a name that is defined there gets a further revision."""
        shape = MetricDefineSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = metrics.define(actor=self.actor, **shape.validated_data)
        return Response(MetricDefinitionSerializer(made).data, status=status.HTTP_201_CREATED)
