"""Mappings of policies to controls, and statements of how controls are met, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.control_terms import (
    ControlMappingCreateSerializer,
    ControlMappingSerializer,
    ControlReasonSerializer,
    ControlStatementCreateSerializer,
    ControlStatementSerializer,
)
from audits.models import ControlMapping, ControlStatement
from audits.queries.control_terms import mappings, visible_statements
from audits.services import control_terms
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class ControlMappingFilter(filters.FilterSet):
    """Filters of mappings."""

    framework = filters.CharFilter()
    policy = filters.CharFilter(field_name="policy__name")
    is_open = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = ControlMapping
        fields: tuple[str, ...] = ()


class ControlMappingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Policies that support controls which their METADATA does not name."""

    queryset = ControlMapping.objects.none()
    serializer_class = ControlMappingSerializer
    filterset_class = ControlMappingFilter
    workspace_path = ""

    def get_queryset(self) -> QuerySet[ControlMapping]:
        return mappings()

    @extend_schema(
        request=ControlMappingCreateSerializer, responses={201: ControlMappingSerializer}
    )
    def create(self, request: Request) -> Response:
        """Map a policy to a control."""
        shape = ControlMappingCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = control_terms.map_policy(actor=self.actor, **shape.validated_data)
        return Response(ControlMappingSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ControlReasonSerializer, responses=ControlMappingSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """Let a mapping count no more."""
        shape = ControlReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = control_terms.end_mapping(actor=self.actor, mapping=uuid, **shape.validated_data)
        return Response(ControlMappingSerializer(ended).data)


class ControlStatementFilter(filters.FilterSet):
    """Filters of statements."""

    framework = filters.CharFilter()
    control = filters.CharFilter()
    workspace = filters.CharFilter(field_name="workspace__slug")
    state = filters.ChoiceFilter(choices=ControlStatement.State.choices)
    is_open = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = ControlStatement
        fields: tuple[str, ...] = ()


class ControlStatementViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """What people say of how controls are met."""

    queryset = ControlStatement.objects.none()
    serializer_class = ControlStatementSerializer
    filterset_class = ControlStatementFilter

    def get_queryset(self) -> QuerySet[ControlStatement]:
        return visible_statements(self.actor)

    @extend_schema(
        request=ControlStatementCreateSerializer, responses={201: ControlStatementSerializer}
    )
    def create(self, request: Request) -> Response:
        """Say how a control is met; what was said of it there before ends."""
        shape = ControlStatementCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        where = {name: given.pop(name) for name in ("control", "workspace")}
        terms = control_terms.StatementTerms(**given)
        made = control_terms.state_control(actor=self.actor, terms=terms, **where)
        return Response(ControlStatementSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ControlReasonSerializer, responses=ControlStatementSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """Let a statement count no more."""
        shape = ControlReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = control_terms.end_statement(
            actor=self.actor, statement=uuid, **shape.validated_data
        )
        return Response(ControlStatementSerializer(ended).data)
