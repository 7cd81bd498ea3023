"""The rules of promotions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.serializers.promotion_rules import (
    RuleCreateSerializer,
    RuleProposalSerializer,
    RuleReasonSerializer,
    RuleSerializer,
    answer_of,
)
from registry.models import PromotionRule, PromotionRuleProposal
from registry.queries.rules import visible_proposals, visible_rules
from registry.services import rules

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class RuleFilter(filters.FilterSet):
    """Filters of rules."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    kind = filters.CharFilter()
    open = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = PromotionRule
        fields: tuple[str, ...] = ()


class PromotionRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """What promotions into a workspace must fulfil, past rules included."""

    queryset = PromotionRule.objects.none()
    serializer_class = RuleSerializer
    filterset_class = RuleFilter

    def get_queryset(self) -> QuerySet[PromotionRule]:
        return visible_rules(self.actor)

    @extend_schema(
        request=RuleCreateSerializer,
        responses={201: RuleSerializer, 202: RuleProposalSerializer},
    )
    def create(self, request: Request) -> Response:
        """Set a rule: 201 when it holds, 202 when a second admin must accept it first."""
        shape = RuleCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        body, holds = answer_of(rules.set_rule(actor=self.actor, **shape.validated_data))
        code = status.HTTP_201_CREATED if holds else status.HTTP_202_ACCEPTED
        return Response(body, status=code)

    @extend_schema(
        request=RuleReasonSerializer, responses={200: RuleSerializer, 202: RuleProposalSerializer}
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """End a rule: 200 when it has ended, 202 when a second admin must accept that first."""
        shape = RuleReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        body, holds = answer_of(rules.end_rule(actor=self.actor, rule=uuid, **shape.validated_data))
        return Response(body, status=status.HTTP_200_OK if holds else status.HTTP_202_ACCEPTED)


class RuleProposalFilter(filters.FilterSet):
    """Filters of proposals."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    status = filters.CharFilter()

    class Meta:
        model = PromotionRuleProposal
        fields: tuple[str, ...] = ()


class PromotionRuleProposalViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Proposals to ask for less of promotions into a production workspace."""

    queryset = PromotionRuleProposal.objects.none()
    serializer_class = RuleProposalSerializer
    filterset_class = RuleProposalFilter

    def get_queryset(self) -> QuerySet[PromotionRuleProposal]:
        return visible_proposals(self.actor)

    @extend_schema(request=RuleReasonSerializer, responses=RuleProposalSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, uuid: UUID) -> Response:
        """Let the proposed rule hold; nobody accepts their own proposal."""
        shape = RuleReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        closed = rules.accept(actor=self.actor, proposal=uuid, **shape.validated_data)
        return Response(RuleProposalSerializer(closed).data)

    @extend_schema(request=RuleReasonSerializer, responses=RuleProposalSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, uuid: UUID) -> Response:
        """End the proposal without effect."""
        shape = RuleReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        closed = rules.reject(actor=self.actor, proposal=uuid, **shape.validated_data)
        return Response(RuleProposalSerializer(closed).data)
