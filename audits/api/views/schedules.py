"""Schedules of scans over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, status
from rest_framework.response import Response

from audits.api.serializers.schedules import (
    ScanScheduleChangeSerializer,
    ScanScheduleCreateSerializer,
    ScanScheduleSerializer,
)
from audits.models import Scan, ScanSchedule
from audits.queries import schedules
from audits.services import scan_schedules
from core.http.conditional import IF_MATCH, if_match, with_tag
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class ScanScheduleFilter(filters.FilterSet):
    """Filters of schedules."""

    workspace = filters.CharFilter(field_name="workspaces__slug")
    scope = filters.ChoiceFilter(choices=Scan.Scope.choices)
    enabled = filters.BooleanFilter(field_name="row__enabled")

    class Meta:
        model = ScanSchedule
        fields: tuple[str, ...] = ()


class ScanScheduleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Schedules of scans of workspaces all of which the caller may scan, newest first."""

    queryset = ScanSchedule.objects.none()
    serializer_class = ScanScheduleSerializer
    filterset_class = ScanScheduleFilter

    def get_queryset(self) -> QuerySet[ScanSchedule]:
        return schedules.visible_schedules(self.actor)

    def get_object(self) -> ScanSchedule:
        return schedules.schedule_by_uuid(self.actor, self.kwargs["uuid"])

    def _answer(self, schedule: ScanSchedule, *, code: int = status.HTTP_200_OK) -> Response:
        shown = Response(ScanScheduleSerializer(schedule).data, status=code)
        return with_tag(shown, schedules.tag_of(schedule))

    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer a schedule with the ETag of its terms."""
        return self._answer(self.get_object())

    @extend_schema(request=ScanScheduleCreateSerializer, responses={201: ScanScheduleSerializer})
    def create(self, request: Request) -> Response:
        """Have workspaces, or the organisation, scanned again and again."""
        shape = ScanScheduleCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        terms = dict(shape.validated_data)
        reason = terms.pop("reason")
        added = scan_schedules.add(actor=self.actor, terms=terms, reason=reason)
        return self._answer(added, code=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[IF_MATCH],
        request=ScanScheduleChangeSerializer,
        responses=ScanScheduleSerializer,
    )
    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Change its terms, or switch it on or off, if it is still as ``If-Match`` says."""
        shape = ScanScheduleChangeSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changes = dict(shape.validated_data)
        reason = changes.pop("reason")
        changed = scan_schedules.change(
            actor=self.actor,
            schedule=uuid,
            changes=changes,
            expected=if_match(request),
            reason=reason,
        )
        return self._answer(changed)

    @extend_schema(parameters=[IF_MATCH], request=None, responses={204: OpenApiResponse()})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Let it start no more scans."""
        scan_schedules.remove(actor=self.actor, schedule=uuid, expected=if_match(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
