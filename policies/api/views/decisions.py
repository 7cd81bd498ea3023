"""Decisions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.decisions import (
    DecisionDetailSerializer,
    DecisionSerializer,
    ExportedDecisionSerializer,
    ReplaySerializer,
)
from policies.models import Decision
from policies.services import decisions
from registry import access

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer


class DecisionFilter(filters.FilterSet):
    """Filters of decisions."""

    workspace = filters.CharFilter(field_name="evaluation__workspace__slug")
    kind = filters.CharFilter(field_name="evaluation__kind")
    state = filters.CharFilter()
    subject = filters.CharFilter(field_name="evaluation__subject")
    policy = filters.CharFilter(field_name="policy_version__policy__name")
    assignment = filters.UUIDFilter(field_name="assignment__uuid")
    resource = filters.UUIDFilter(field_name="evaluation__snapshot__resource__uuid")

    class Meta:
        model = Decision
        fields: tuple[str, ...] = ()


class DecisionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """What policies said in the caller's workspaces, newest first."""

    queryset = Decision.objects.none()
    workspace_path = "evaluation__workspace"
    filterset_class = DecisionFilter

    def get_queryset(self) -> QuerySet[Decision]:
        found = Decision.objects.filter(
            access.in_reach(self.actor, path="evaluation__workspace")
        ).select_related(
            "policy_version__policy",
            "assignment",
            "evaluation__workspace",
            "evaluation__attestation",
            "evaluation__snapshot",
            "evaluation__version",
        )
        if self.action == "retrieve":
            return found.select_related("evaluation__input")
        return found.defer(
            "policy_version__source", "policy_version__tests", "evaluation__snapshot__document"
        )

    def get_serializer_class(self) -> type[BaseSerializer[Decision]]:
        return DecisionDetailSerializer if self.action == "retrieve" else DecisionSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "actor": self.actor}

    @extend_schema(request=None, responses=ReplaySerializer)
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, uuid: UUID) -> Response:
        """Evaluate the decision's stored bytes again and tell whether the answer is the same."""
        replayed = decisions.replay(actor=self.actor, decision=uuid)
        return Response(ReplaySerializer(replayed).data)

    @extend_schema(responses=ExportedDecisionSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def export(self, request: Request, uuid: UUID) -> Response:
        """Answer all that a decision rests on, for ``python -m policies.engines.replay``."""
        return Response(decisions.export(actor=self.actor, decision=uuid))
