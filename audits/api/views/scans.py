"""Scans, their results and findings over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.scans import (
    ScanCreateSerializer,
    ScanResultSerializer,
    ScanSerializer,
)
from audits.models import ResultState, Scan, ScanResult
from audits.queries import scope
from audits.services import scans
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
