"""Assignments over HTTP."""

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
    AssignmentDetailSerializer,
    AssignmentSerializer,
    EnforcementSetSerializer,
    ReasonSerializer,
)
from policies.models import Assignment
from policies.queries.assignments import visible_assignments
from policies.services import assignments, enforcement
from policies.services.terms import Terms

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer


def asked(given: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `assign` that the shape of terms holds."""
    terms = {name: given[name] for name in given if name not in {"scope", "policy", "set"}}
    return {
        "scope": given["scope"],
        "policy": given["policy"],
        "policy_set": given["set"],
        "terms": Terms(**terms),
    }


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
    filterset_class = AssignmentFilter

    def get_queryset(self) -> QuerySet[Assignment]:
        found = visible_assignments(self.actor)
        of_one = self.action == "retrieve"
        return found.prefetch_related("enforcements__set_by") if of_one else found

    def get_serializer_class(self) -> type[BaseSerializer[Assignment]]:
        of_one = self.action == "retrieve"
        return AssignmentDetailSerializer if of_one else AssignmentSerializer

    @extend_schema(request=AssignmentCreateSerializer, responses={201: AssignmentSerializer})
    def create(self, request: Request) -> Response:
        """Let a policy or a set hold from now on."""
        shape = AssignmentCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        assigned = assignments.assign(actor=self.actor, reason=given.pop("reason"), **asked(given))
        return Response(AssignmentSerializer(assigned).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=EnforcementSetSerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def enforcement(self, request: Request, uuid: UUID) -> Response:
        """Switch enforcement on or off, or roll it out to a share of the workspaces."""
        shape = EnforcementSetSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = shape.validated_data
        changed = enforcement.set_enforcement(actor=self.actor, assignment=uuid, **given)
        return Response(AssignmentSerializer(changed).data)

    @extend_schema(request=ReasonSerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """End an assignment."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = assignments.end(actor=self.actor, assignment=uuid, **shape.validated_data)
        return Response(AssignmentSerializer(ended).data)
