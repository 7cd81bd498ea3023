"""Assignments and exemptions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.assignments import (
    AssignmentCreateSerializer,
    AssignmentSerializer,
    ExemptionCreateSerializer,
    ExemptionSerializer,
    ReasonSerializer,
)
from policies.models import Assignment, Exemption
from policies.queries.assignments import visible_assignments
from policies.services import assignments, exemptions
from registry import access

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class AssignmentFilter(filters.FilterSet):
    """Filters of assignments."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    scope = filters.CharFilter()
    stage = filters.CharFilter()
    effect = filters.CharFilter()
    policy = filters.CharFilter(field_name="policy_version__policy__name")
    set = filters.CharFilter(field_name="set_version__policy_set__name")
    in_force = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()


class AssignmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Assignments that reach the caller's workspaces, wider ones included."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter

    def get_queryset(self) -> QuerySet[Assignment]:
        return visible_assignments(self.actor)

    @extend_schema(request=AssignmentCreateSerializer, responses={201: AssignmentSerializer})
    def create(self, request: Request) -> Response:
        """Let a policy or a set hold from now on."""
        shape = AssignmentCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = shape.validated_data
        assigned = assignments.assign(
            actor=self.actor,
            scope=given["scope"],
            policy=given["policy"],
            policy_set=given["set"],
            terms=assignments.Terms(
                effect=given["effect"],
                parameters=given["parameters"],
                is_enforced=given["is_enforced"],
                message=given["message"],
                excluded=given["excluded"],
            ),
            reason=given["reason"],
        )
        return Response(AssignmentSerializer(assigned).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonSerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """End an assignment."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = assignments.end(actor=self.actor, assignment=uuid, **shape.validated_data)
        return Response(AssignmentSerializer(ended).data)


class ExemptionFilter(filters.FilterSet):
    """Filters of exemptions."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    assignment = filters.UUIDFilter(field_name="assignment__uuid")
    category = filters.CharFilter()
    is_granted = filters.BooleanFilter(field_name="approved_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Exemption
        fields: tuple[str, ...] = ()


class ExemptionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Exemptions in the caller's workspaces."""

    queryset = Exemption.objects.none()
    serializer_class = ExemptionSerializer
    filterset_class = ExemptionFilter

    def get_queryset(self) -> QuerySet[Exemption]:
        return Exemption.objects.filter(access.in_reach(self.actor)).select_related(
            "assignment", "workspace", "resource", "requested_by", "approved_by", "ended_by"
        )

    @extend_schema(request=ExemptionCreateSerializer, responses={201: ExemptionSerializer})
    def create(self, request: Request) -> Response:
        """Ask for an exemption; somebody else grants it."""
        shape = ExemptionCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        terms = {name: given.pop(name) for name in ("category", "reason", "expires_at")}
        asked = exemptions.ask(actor=self.actor, scope=exemptions.Scope(**given), **terms)
        return Response(ExemptionSerializer(asked).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonSerializer, responses=ExemptionSerializer)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, uuid: UUID) -> Response:
        """Grant an exemption that somebody else asked for."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        granted = exemptions.grant(actor=self.actor, exemption=uuid, **shape.validated_data)
        return Response(ExemptionSerializer(granted).data)

    @extend_schema(request=ReasonSerializer, responses=ExemptionSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """End an exemption before its time, or turn a request down."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = exemptions.end(actor=self.actor, exemption=uuid, **shape.validated_data)
        return Response(ExemptionSerializer(ended).data)
