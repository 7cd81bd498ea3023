"""Reports over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.downloads import file_response
from audits.api.serializers.reports import (
    DownloadSerializer,
    ReportCreateSerializer,
    ReportSerializer,
)
from audits.models import Report
from audits.queries import scope
from audits.services import reports
from core.http.negotiation import FormatIsAParameter
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request


class ReportFilter(filters.FilterSet):
    """Filters of reports."""

    scan = filters.UUIDFilter(field_name="scan__uuid")
    workspace = filters.CharFilter(field_name="workspaces__slug")
    version = filters.UUIDFilter(field_name="about__uuid")
    framework = filters.CharFilter(field_name="framework")

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()


class ReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Reports on workspaces all of which the caller may scan, newest first."""

    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    filterset_class = ReportFilter

    def get_queryset(self) -> QuerySet[Report]:
        return scope.visible_reports(self.actor)

    def get_object(self) -> Report:
        return scope.report_by_uuid(self.actor, self.kwargs["uuid"])

    @extend_schema(request=ReportCreateSerializer, responses={202: ReportSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a report; it is rendered in the background once its scan is complete."""
        shape = ReportCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        formats = shape.validated_data.get("formats")
        report = reports.request(actor=self.actor, asked=shape.asked(), formats=formats)
        return Response(ReportSerializer(report).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        parameters=[DownloadSerializer],
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, "text/html"): OpenApiTypes.BINARY,
        },
        filters=False,
    )
    @action(
        detail=True,
        content_negotiation_class=FormatIsAParameter,
        filter_backends=(),
        pagination_class=None,
    )
    def download(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """Answer one file of a completed report; its ETag is the file's digest."""
        shape = DownloadSerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        file = scope.report_file(self.actor, uuid, file_format=shape.validated_data["format"])
        return file_response(file, if_none_match=request.headers.get("If-None-Match", ""))
