"""Imports over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.response import Response

from core.http.views import ActorViewSet
from core.models import Task
from registry.api.serializers.imports import (
    ImportCreateSerializer,
    ImportDetailSerializer,
    ImportReportSerializer,
    ImportSummarySerializer,
)
from registry.queries.imports import visible_imports
from registry.services.imports import work
from registry.services.imports.orders import Order

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """The imports that the caller asked for."""

    queryset = Task.objects.none()
    workspace_path = ""
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Task]:
        return visible_imports(self.actor)

    def get_serializer_class(self) -> type[ImportSummarySerializer]:
        return ImportSummarySerializer if self.action == "list" else ImportDetailSerializer

    @extend_schema(
        request=ImportCreateSerializer,
        responses={200: ImportReportSerializer, 202: ImportDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Have it imported in the background; with ``dry_run`` answer at once what that would
        make, and write nothing."""
        shape = ImportCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        is_dry_run = given.pop("dry_run")
        order = Order(is_moving_aliases=given.pop("move_aliases"), **given)
        if is_dry_run:
            report = work.validate(actor=self.actor, order=order).told()
            return Response(ImportReportSerializer(report).data)
        task = work.request(actor=self.actor, order=order)
        return Response(ImportDetailSerializer(task).data, status=status.HTTP_202_ACCEPTED)
