"""What deployments served, over HTTP: the actions below a deployment's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.filters import by_version
from registry.api.serializers import serving as shapes
from registry.api.serializers import thresholds as threshold_shapes
from registry.api.serializers.deployments import DeploymentReasonSerializer
from registry.models import ProductionSample, ServingWindow, ThresholdRule
from registry.queries import serving as queries
from registry.services.serving import samples, thresholds, windows

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class WindowFilter(filters.FilterSet):
    """Filters of windows."""

    version = by_version()
    digest = filters.CharFilter(field_name="version__digest")
    since = filters.IsoDateTimeFilter(field_name="start", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="start", lookup_expr="lt")

    class Meta:
        model = ServingWindow
        fields: tuple[str, ...] = ()


class SampleFilter(filters.FilterSet):
    """Filters of sampled rows."""

    version = by_version()
    personal = filters.BooleanFilter(field_name="has_personal_data")

    class Meta:
        model = ProductionSample
        fields: tuple[str, ...] = ()


class ServingActions(ActorViewSet):
    """Windows, samples and thresholds of one deployment."""

    @extend_schema(responses=shapes.ServingWindowSerializer(many=True))
    @action(
        detail=True,
        queryset=ServingWindow.objects.none(),
        serializer_class=shapes.ServingWindowSerializer,
        filterset_class=WindowFilter,
    )
    def windows(self, request: Request, uuid: UUID) -> Response:
        """Answer what the deployment served, newest report first."""
        found = self.filter_queryset(queries.windows_of(self.actor, uuid))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(shapes.ServingWindowSerializer(page, many=True).data)

    @extend_schema(request=shapes.WindowsInputSerializer, responses={201: shapes.TakenSerializer})
    @windows.mapping.post
    def report_windows(self, request: Request, uuid: UUID) -> Response:
        """Record a batch of windows, each once."""
        shape = shapes.WindowsInputSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        taken = windows.report(actor=self.actor, deployment=uuid, **shape.validated_data)
        return Response(shapes.TakenSerializer(taken).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[shapes.PeriodSerializer], responses=shapes.UsageSerializer(many=True)
    )
    @action(detail=True, pagination_class=None, filterset_class=None)
    def usage(self, request: Request, uuid: UUID) -> Response:
        """Answer sums per day and version, oldest first; by default of the last 31 days."""
        shape = shapes.PeriodSerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        rows = queries.usage_by_day(self.actor, uuid, **shape.validated_data)
        return Response(shapes.UsageSerializer(rows, many=True).data)

    @extend_schema(responses=shapes.ProductionSampleSerializer(many=True))
    @action(
        detail=True,
        queryset=ProductionSample.objects.none(),
        serializer_class=shapes.ProductionSampleSerializer,
        filterset_class=SampleFilter,
    )
    def samples(self, request: Request, uuid: UUID) -> Response:
        """Answer the sampled rows that are kept still; texts for whoever may read them."""
        found = self.filter_queryset(queries.samples_of(self.actor, uuid))
        page = self.paginate_queryset(found)
        context = {"reads_texts": queries.reads_texts(self.actor, uuid)}
        rows = shapes.ProductionSampleSerializer(page, many=True, context=context).data
        return self.get_paginated_response(rows)

    @extend_schema(request=shapes.SamplesInputSerializer, responses={201: shapes.TakenSerializer})
    @samples.mapping.post
    def collect_samples(self, request: Request, uuid: UUID) -> Response:
        """Record a batch of sampled rows, each once."""
        shape = shapes.SamplesInputSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        taken = samples.collect(actor=self.actor, deployment=uuid, **shape.validated_data)
        return Response(shapes.TakenSerializer(taken).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=threshold_shapes.ThresholdSerializer(many=True))
    @action(
        detail=True,
        queryset=ThresholdRule.objects.none(),
        serializer_class=threshold_shapes.ThresholdSerializer,
        filterset_class=None,
    )
    def thresholds(self, request: Request, uuid: UUID) -> Response:
        """Answer the deployment's thresholds, those that ended too, with their breaches."""
        page = self.paginate_queryset(queries.thresholds_of(self.actor, uuid))
        return self.get_paginated_response(
            threshold_shapes.ThresholdSerializer(page, many=True).data
        )

    @extend_schema(
        request=threshold_shapes.ThresholdInputSerializer,
        responses={201: threshold_shapes.ThresholdSerializer},
    )
    @thresholds.mapping.post
    def set_threshold(self, request: Request, uuid: UUID) -> Response:
        """Let a threshold hold from now on, instead of the one of its name."""
        shape = threshold_shapes.ThresholdInputSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        name, reason = given.pop("name"), given.pop("reason")
        rule = thresholds.set_threshold(
            actor=self.actor,
            deployment=uuid,
            name=name,
            bound=thresholds.Bound(**given),
            reason=reason,
        )
        return Response(
            threshold_shapes.ThresholdSerializer(rule).data, status=status.HTTP_201_CREATED
        )


class ThresholdViewSet(ActorViewSet):
    """Thresholds by their own ids."""

    queryset = ThresholdRule.objects.none()
    serializer_class = threshold_shapes.ThresholdSerializer
    workspace_path = "deployment__workspace"

    @extend_schema(
        request=DeploymentReasonSerializer, responses=threshold_shapes.ThresholdSerializer
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """Let the threshold hold no more."""
        shape = DeploymentReasonSerializer(data=request.data or {})
        shape.is_valid(raise_exception=True)
        rule = thresholds.end_threshold(actor=self.actor, threshold=uuid, **shape.validated_data)
        return Response(threshold_shapes.ThresholdSerializer(rule).data)
