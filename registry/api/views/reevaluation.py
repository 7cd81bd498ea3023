"""Rules about evaluating again, and the requests, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from registry.api.filters import by_asset
from registry.api.serializers.reevaluation import (
    ReevaluationCloseSerializer,
    ReevaluationRequestSerializer,
    ReevaluationRuleCreateSerializer,
    ReevaluationRuleSerializer,
)
from registry.api.views.experiments import ShowsVersions
from registry.models import ReevaluationRequest, ReevaluationRule
from registry.queries.reevaluation import visible_requests, visible_rules
from registry.services.reevaluation import requests, rules

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class ReevaluationRuleFilter(filters.FilterSet):
    """Filters of rules; ``holds=true`` leaves ended ones out."""

    workspace = filters.CharFilter(field_name="asset__workspace__slug")
    asset = by_asset()
    holds = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = ReevaluationRule
        fields: tuple[str, ...] = ()


class ReevaluationRuleViewSet(mixins.ListModelMixin, ShowsVersions):
    """Rules on assets that the caller may see."""

    queryset = ReevaluationRule.objects.none()
    serializer_class = ReevaluationRuleSerializer
    filterset_class = ReevaluationRuleFilter

    def get_queryset(self) -> QuerySet[ReevaluationRule]:
        return visible_rules(self.actor)

    @extend_schema(
        request=ReevaluationRuleCreateSerializer, responses={201: ReevaluationRuleSerializer}
    )
    def create(self, request: Request) -> Response:
        """Set a rule; one that holds for the same asset, alias and dataset ends."""
        shape = ReevaluationRuleCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        rule = rules.set_rule(actor=self.actor, **shape.validated_data)
        return Response(self.get_serializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """End a rule."""
        rules.end_rule(actor=self.actor, rule=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReevaluationRequestFilter(filters.FilterSet):
    """Filters of requests; ``open=true`` leaves closed ones out."""

    workspace = filters.CharFilter(field_name="rule__asset__workspace__slug")
    asset = by_asset("rule__asset")
    open = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = ReevaluationRequest
        fields: tuple[str, ...] = ()


class ReevaluationRequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ShowsVersions):
    """Requests to evaluate assets again that the caller may see."""

    queryset = ReevaluationRequest.objects.none()
    serializer_class = ReevaluationRequestSerializer
    filterset_class = ReevaluationRequestFilter
    workspace_path = "rule__asset__workspace"

    def get_queryset(self) -> QuerySet[ReevaluationRequest]:
        return visible_requests(self.actor)

    @extend_schema(request=ReevaluationCloseSerializer, responses=ReevaluationRequestSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, uuid: UUID) -> Response:
        """Close a request by a result, or with a reason."""
        shape = ReevaluationCloseSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        closed = requests.close(actor=self.actor, request=uuid, **shape.validated_data)
        return Response(self.get_serializer(closed).data)
