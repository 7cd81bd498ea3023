"""Due rules over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.findings import (
    DueDaysSerializer,
    DueRuleCreateSerializer,
    DueRuleSerializer,
    FindingReasonSerializer,
)
from audits.models import DueRule
from audits.queries.due import days_in_force, visible_due_rules
from audits.services import due_rules
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class DueRuleFilter(filters.FilterSet):
    """Filters of due rules."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    open = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = DueRule
        fields: tuple[str, ...] = ()


class DueRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Within how many days findings are due, past rules included, newest first."""

    queryset = DueRule.objects.none()
    serializer_class = DueRuleSerializer
    filterset_class = DueRuleFilter

    def get_queryset(self) -> QuerySet[DueRule]:
        return visible_due_rules(self.actor)

    @extend_schema(request=DueRuleCreateSerializer, responses={201: DueRuleSerializer})
    def create(self, request: Request) -> Response:
        """Set the rule of a workspace or of the organisation, in the place of the one there."""
        shape = DueRuleCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        days = dict(shape.validated_data)
        workspace, reason = days.pop("workspace"), days.pop("reason")
        rule = due_rules.set_rule(actor=self.actor, days=days, workspace=workspace, reason=reason)
        return Response(DueRuleSerializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=FindingReasonSerializer, responses=DueRuleSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """End a rule: what stands above it counts again."""
        shape = FindingReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = due_rules.end_rule(actor=self.actor, rule=uuid, **shape.validated_data)
        return Response(DueRuleSerializer(ended).data)

    @extend_schema(
        parameters=[OpenApiParameter("workspace", str, description="Its slug.")],
        responses=DueDaysSerializer,
        filters=False,
    )
    @action(detail=False, url_path="in-force", filter_backends=(), pagination_class=None)
    def in_force(self, request: Request) -> Response:
        """Answer the days that count in a workspace, or where none has its own rule."""
        found = days_in_force(self.actor, request.query_params.get("workspace", ""))
        return Response(DueDaysSerializer(found).data)
