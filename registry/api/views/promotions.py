"""Promotions and approvals over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.errors import Refused
from core.http.views import ActorViewSet
from registry import access
from registry.api.serializers.promotions import (
    ApprovalCreateSerializer,
    ApprovalSerializer,
    PromotionCreateSerializer,
    PromotionDetailSerializer,
    PromotionRollbackSerializer,
    PromotionSerializer,
    ReviewSerializer,
    WithdrawSerializer,
)
from registry.models import Approval, Promotion
from registry.queries.promotions import RELATED
from registry.services.promotions import decide, staleness
from registry.services.promotions import request as requests
from registry.services.promotions.outlook import outlook
from registry.services.promotions.rollback import rollback

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class PromotionFilter(filters.FilterSet):
    """Filters of promotions."""

    target = filters.CharFilter(field_name="target__slug")
    source = filters.CharFilter(field_name="source_version__asset__workspace__slug")
    status = filters.CharFilter()

    class Meta:
        model = Promotion
        fields: tuple[str, ...] = ()


class PromotionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Promotions into workspaces that the caller may see."""

    queryset = Promotion.objects.none()
    workspace_path = "target"
    serializer_class = PromotionSerializer
    filterset_class = PromotionFilter

    def get_queryset(self) -> QuerySet[Promotion]:
        reach = access.in_reach(self.actor, path="target")
        return Promotion.objects.filter(reach).select_related(*RELATED)

    @extend_schema(responses=PromotionDetailSerializer)
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer one promotion, and whether what it shows is still so."""
        return self._detail(self.get_object())

    @extend_schema(request=PromotionCreateSerializer, responses={201: PromotionSerializer})
    def create(self, request: Request) -> Response:
        """Request a promotion: 201 when it completed or waits for approval, 409 when refused."""
        shape = PromotionCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        promotion = requests.promote(actor=self.actor, **shape.validated_data)
        return self._answer(promotion, code=status.HTTP_201_CREATED)

    @extend_schema(request=PromotionCreateSerializer, responses=ReviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Answer what the gates would say, leaving no promotion behind."""
        shape = PromotionCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        review = requests.preview(actor=self.actor, **shape.validated_data)
        return Response(outlook(review))

    @extend_schema(request=None, responses=PromotionDetailSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, uuid: UUID) -> Response:
        """Ask the gates afresh, decide nothing, and answer the promotion as it is now."""
        return self._detail(staleness.look_again(actor=self.actor, promotion=uuid))

    @extend_schema(request=PromotionRollbackSerializer, responses=PromotionSerializer)
    @action(detail=True, methods=["post"])
    def rollback(self, request: Request, uuid: UUID) -> Response:
        """Move the promoted alias back to what it meant before; 409 when a gate refuses that."""
        shape = PromotionRollbackSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        promotion = rollback(actor=self.actor, promotion=uuid, **shape.validated_data)
        return Response(PromotionSerializer(promotion).data)

    @extend_schema(request=WithdrawSerializer, responses=PromotionSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, uuid: UUID) -> Response:
        """Take an open promotion back."""
        shape = WithdrawSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        promotion = decide.withdraw(actor=self.actor, promotion=uuid, **shape.validated_data)
        return self._answer(promotion, code=status.HTTP_200_OK)

    def _detail(self, promotion: Promotion) -> Response:
        context = {"stale_because": staleness.stale_because(promotion)}
        return Response(PromotionDetailSerializer(promotion, context=context).data)

    def _answer(self, promotion: Promotion, *, code: int) -> Response:
        return answer(promotion, code=code)


def answer(promotion: Promotion, *, code: int) -> Response:
    """Return the promotion, or raise Refused, which carries the same, for a refused one."""
    body = PromotionSerializer(promotion).data
    if promotion.status == Promotion.Status.REFUSED:
        reasons = [
            reason["message"]
            for verdict in promotion.verdicts
            if verdict["outcome"] == "refuse"
            for reason in verdict["reasons"]
        ]
        detail = " ".join(reasons) or "An approver rejected the promotion."
        raise Refused(detail, extra=body)
    return Response(body, status=code)


class ApprovalFilter(filters.FilterSet):
    """Filters of approvals."""

    promotion = filters.UUIDFilter(field_name="promotion__uuid")
    decision = filters.CharFilter()

    class Meta:
        model = Approval
        fields: tuple[str, ...] = ()


class ApprovalViewSet(mixins.ListModelMixin, ActorViewSet):
    """Decisions on promotions."""

    queryset = Approval.objects.none()
    serializer_class = ApprovalSerializer
    filterset_class = ApprovalFilter

    def get_queryset(self) -> QuerySet[Approval]:
        reach = access.in_reach(self.actor, path="promotion__target")
        return Approval.objects.filter(reach).select_related("promotion", "decided_by")

    @extend_schema(request=ApprovalCreateSerializer, responses={201: PromotionSerializer})
    def create(self, request: Request) -> Response:
        """Decide on a promotion and answer it: completed, still waiting, or refused."""
        shape = ApprovalCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        promotion = decide.decide(actor=self.actor, **shape.validated_data)
        rejected = shape.validated_data["decision"] == Approval.Decision.REJECTED
        if rejected:
            return Response(PromotionSerializer(promotion).data, status=status.HTTP_201_CREATED)
        return answer(promotion, code=status.HTTP_201_CREATED)
