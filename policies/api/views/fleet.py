"""Registered OPAs, their status and their decisions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.assignments import ReasonSerializer
from policies.api.serializers.fleet import (
    FleetDecisionDetailSerializer,
    FleetDecisionSerializer,
    OpaChangeSerializer,
    OpaConfigurationSerializer,
    OpaCreateSerializer,
    OpaIssueSerializer,
    OpaMasksSerializer,
    OpaSerializer,
    OpaSourcesSerializer,
    OpaTokenSerializer,
)
from policies.models import FleetDecision, Opa, OpaChange
from policies.queries.fleet import visible_changes, visible_decisions, visible_opas
from policies.services.fleet import exports, opas
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

    from policies.services.fleet.opas import Issued

NDJSON = "application/x-ndjson"


class OpaFilter(filters.FilterSet):
    """Filters of OPAs."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    name = filters.CharFilter()
    is_retired = filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Opa
        fields: tuple[str, ...] = ()


class OpaViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """The OPAs of the caller's workspaces, with their running processes."""

    queryset = Opa.objects.none()
    serializer_class = OpaSerializer
    filterset_class = OpaFilter

    def get_queryset(self) -> QuerySet[Opa]:
        return visible_opas(self.actor)

    @extend_schema(request=OpaCreateSerializer, responses={201: OpaTokenSerializer})
    def create(self, request: Request) -> Response:
        """Register an OPA; its token is answered this once."""
        shape = OpaCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        return _with_token(opas.register(actor=self.actor, **shape.validated_data), code=201)

    @extend_schema(request=OpaSourcesSerializer, responses=OpaSerializer)
    @action(detail=True, methods=["post"])
    def sources(self, request: Request, uuid: UUID) -> Response:
        """Let an OPA pull other policies and sets from now on."""
        shape = OpaSourcesSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changed = opas.pull(actor=self.actor, opa=uuid, **shape.validated_data)
        return Response(OpaSerializer(changed).data)

    @extend_schema(request=OpaMasksSerializer, responses=OpaSerializer)
    @action(detail=True, methods=["post"])
    def masks(self, request: Request, uuid: UUID) -> Response:
        """Let an OPA take other places out of its decisions from now on."""
        shape = OpaMasksSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changed = opas.mask(actor=self.actor, opa=uuid, **shape.validated_data)
        return Response(OpaSerializer(changed).data)

    @extend_schema(request=OpaIssueSerializer, responses={201: OpaTokenSerializer})
    @action(detail=True, methods=["post"])
    def tokens(self, request: Request, uuid: UUID) -> Response:
        """Issue one more token of an OPA, answered this once."""
        shape = OpaIssueSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        issued = opas.issue_token(actor=self.actor, opa=uuid, **shape.validated_data)
        return _with_token(issued, code=201)

    @extend_schema(request=ReasonSerializer, responses=OpaSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, uuid: UUID) -> Response:
        """Close the account of an OPA that is gone."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        retired = opas.retire(actor=self.actor, opa=uuid, **shape.validated_data)
        return Response(OpaSerializer(retired).data)

    @extend_schema(responses=OpaConfigurationSerializer)
    @action(detail=True, methods=["get"])
    def configuration(self, request: Request, uuid: UUID) -> Response:
        """Show what an OPA is started with, and what it discovers then."""
        found = opas.configuration_of(actor=self.actor, opa=uuid)
        return Response(OpaConfigurationSerializer(found).data)


class OpaChangeFilter(filters.FilterSet):
    """Filters of changes; ``has_gap`` finds those with lost decisions."""

    opa = filters.CharFilter(field_name="instance__opa__name")
    instance_id = filters.CharFilter(field_name="instance__instance_id")
    has_gap = filters.BooleanFilter(field_name="lost", lookup_expr="gt", method="with_gap")

    class Meta:
        model = OpaChange
        fields: tuple[str, ...] = ()

    def with_gap(self, rows: QuerySet[OpaChange], name: str, value: bool) -> QuerySet[OpaChange]:
        """Return the changes with, or without, lost decisions."""
        return rows.filter(lost__gt=0) if value else rows.filter(lost=0)


class OpaChangeViewSet(mixins.ListModelMixin, ActorViewSet):
    """What changed in the status of OPAs, newest first."""

    queryset = OpaChange.objects.none()
    workspace_path = "instance__opa__workspace"
    serializer_class = OpaChangeSerializer
    filterset_class = OpaChangeFilter

    def get_queryset(self) -> QuerySet[OpaChange]:
        return visible_changes(self.actor)


class FleetDecisionFilter(filters.FilterSet):
    """Filters of the decisions of OPAs."""

    workspace = filters.CharFilter(field_name="opa__workspace__slug")
    opa = filters.CharFilter(field_name="opa__name")
    instance_id = filters.CharFilter()
    decision_id = filters.CharFilter()
    path = filters.CharFilter()
    state = filters.CharFilter()
    decided_after = filters.IsoDateTimeFilter(field_name="decided_at", lookup_expr="gte")
    decided_before = filters.IsoDateTimeFilter(field_name="decided_at", lookup_expr="lt")

    class Meta:
        model = FleetDecision
        fields: tuple[str, ...] = ()


class FleetDecisionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """What OPAs of elsewhere decided, newest first, for those who may read the trail."""

    queryset = FleetDecision.objects.none()
    workspace_path = "opa__workspace"
    view_right = Permission.VIEW_TRAIL
    filterset_class = FleetDecisionFilter

    def get_queryset(self) -> QuerySet[FleetDecision]:
        found = visible_decisions(self.actor)
        return found.defer("event") if self.action == "list" else found

    def get_serializer_class(self) -> type[BaseSerializer[FleetDecision]]:
        is_whole = self.action == "retrieve"
        return FleetDecisionDetailSerializer if is_whole else FleetDecisionSerializer

    @extend_schema(responses={(200, NDJSON): OpenApiTypes.BINARY})
    @action(detail=False, methods=["get"], pagination_class=None)
    def export(self, request: Request) -> HttpResponseBase:
        """Export decisions with their events, oldest first, a line of JSON each."""
        rows = self.filter_queryset(self.get_queryset())
        given = request.query_params.dict()
        asked = {key: given[key] for key in self.filterset_class.base_filters if given.get(key)}
        lines = exports.export(actor=self.actor, rows=rows, filters=asked)
        name = 'attachment; filename="fleet-decisions.ndjson"'
        return StreamingHttpResponse(
            lines, content_type=NDJSON, headers={"Content-Disposition": name}
        )


def _with_token(issued: Issued, *, code: int) -> Response:
    body: Any = OpaTokenSerializer(issued.opa, context={"token": issued.token}).data
    return Response(body, status=code, headers={"Cache-Control": "no-store"})
