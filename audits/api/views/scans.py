"""Scans, their results and findings over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import StreamingHttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from audits.api.serializers.comparison import (
    COLUMNS,
    ComparisonQuerySerializer,
    ScanComparisonSerializer,
    csv_row,
)
from audits.api.serializers.scans import (
    ScanCreateSerializer,
    ScanResultSerializer,
    ScanSerializer,
)
from audits.models import ResultState, Scan, ScanResult
from audits.queries import comparison as compared
from audits.queries import scope
from audits.services import scans
from core.csv_text import lines
from core.http.negotiation import FormatIsAParameter
from core.http.views import ActorViewSet
from core.models import Task
from policies.engines.metadata import Severity

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

SEVERITIES = [(severity.value, severity.value) for severity in Severity]


class ScanFilter(filters.FilterSet):
    """Filters of scans."""

    workspace = filters.CharFilter(field_name="workspaces__slug")
    status = filters.ChoiceFilter(
        method="with_status",
        choices=[(name, name) for name in ("queued", "running", "completed", "failed")],
    )

    class Meta:
        model = Scan
        fields: tuple[str, ...] = ()

    def with_status(self, found: QuerySet[Scan], name: str, value: str) -> QuerySet[Scan]:
        """Return the scans that are in the status ``value``."""
        if value == "completed":
            return found.filter(completed_at__isnull=False)
        return found.filter(Q(task__state=Task.State(value), completed_at__isnull=True))


class ResultFilter(filters.FilterSet):
    """Filters of a scan's results."""

    state = filters.ChoiceFilter(choices=ResultState.choices)
    workspace = filters.CharFilter(field_name="workspace__slug")
    severity = filters.ChoiceFilter(choices=SEVERITIES)
    policy = filters.CharFilter(field_name="policy_version__policy__name")

    class Meta:
        model = ScanResult
        fields: tuple[str, ...] = ()


class ScanViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Scans of workspaces all of which the caller may scan, newest first."""

    queryset = Scan.objects.none()
    serializer_class = ScanSerializer
    filterset_class = ScanFilter

    def get_queryset(self) -> QuerySet[Scan]:
        return scope.visible_scans(self.actor)

    def get_object(self) -> Scan:
        return scope.scan_by_uuid(self.actor, self.kwargs["uuid"])

    @extend_schema(request=ScanCreateSerializer, responses={202: ScanSerializer})
    def create(self, request: Request) -> Response:
        """Start a scan in the background."""
        shape = ScanCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        started = scans.start(actor=self.actor, **shape.validated_data)
        return Response(ScanSerializer(started).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=ScanResultSerializer(many=True))
    @action(
        detail=True,
        queryset=ScanResult.objects.none(),
        serializer_class=ScanResultSerializer,
        filterset_class=ResultFilter,
    )
    def results(self, request: Request, uuid: UUID) -> Response:
        """Answer one page of the scan's results, passes included."""
        found = self.filter_queryset(scope.results_of(self.get_object()))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(ScanResultSerializer(page, many=True).data)

    @extend_schema(
        parameters=[ComparisonQuerySerializer],
        responses={
            (200, "application/json"): ScanComparisonSerializer,
            (200, "text/csv"): OpenApiTypes.BINARY,
        },
    )
    @action(
        detail=True,
        filter_backends=(),
        pagination_class=None,
        content_negotiation_class=FormatIsAParameter,
    )
    def comparison(self, request: Request, uuid: UUID) -> Response | StreamingHttpResponse:
        """Answer what became of every question between this scan and another, a page at a time or
        all of it as CSV."""
        shape = ComparisonQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        asked = shape.validated_data
        found = compared.comparison_of(self.actor, uuid, asked["with"])
        changes = found.chosen(change=asked["change"], workspace=asked["workspace"])
        if asked["format"] == "csv":
            return StreamingHttpResponse(
                lines([COLUMNS, *map(csv_row, compared.every_line(found, changes))]),
                content_type="text/csv; charset=utf-8; header=present",
                headers={"Content-Disposition": f'attachment; filename="comparison-{uuid}.csv"'},
            )
        start, end = asked["offset"], asked["offset"] + asked["limit"]
        further = replace_query_param(request.build_absolute_uri(), "offset", end)
        told = {
            **{name: getattr(found, name) for name in ("before", "after", "workspaces", "counts")},
            "only_before": found.only_before,
            "only_after": found.only_after,
            "results": compared.lines_of(found, changes[start:end]),
            "next": further if end < len(changes) else None,
        }
        return Response(ScanComparisonSerializer(told).data)
