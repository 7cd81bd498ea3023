"""Deployments over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.negotiation import FormatIsAParameter
from registry.api.filters import by_version
from registry.api.serializers import deployments as shapes
from registry.api.serializers.exposure import (
    ExposureQuerySerializer,
    ExposureSerializer,
    exposure_as_csv,
)
from registry.api.views.serving import ServingActions
from registry.kinds.deployment import CONFIGURATION
from registry.models import Deployment, DeploymentMember, DeploymentRevision, DeploymentState
from registry.queries import deployments as queries
from registry.queries.exposure import exposure_of
from registry.services.deployments import checks, revisions, states

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class DeploymentFilter(filters.FilterSet):
    """Filters of deployments."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    name = filters.CharFilter()
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = Deployment
        fields: tuple[str, ...] = ()


class ServingFilter(filters.FilterSet):
    """Filters of what serves."""

    workspace = filters.CharFilter(field_name="revision__deployment__workspace__slug")
    digest = filters.CharFilter(field_name="version__digest")
    version = by_version()
    kind = filters.CharFilter(field_name="version__asset__kind")

    class Meta:
        model = DeploymentMember
        fields: tuple[str, ...] = ()


class StateFilter(filters.FilterSet):
    """Filters of states."""

    aspect = filters.ChoiceFilter(choices=DeploymentState.Aspect.choices)
    revision = filters.NumberFilter(field_name="revision__number")

    class Meta:
        model = DeploymentState
        fields: tuple[str, ...] = ()


class DeploymentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ServingActions):
    """Deployments in workspaces that the caller may see."""

    queryset = Deployment.objects.none()
    serializer_class = shapes.DeploymentSerializer
    filterset_class = DeploymentFilter

    def get_queryset(self) -> QuerySet[Deployment]:
        return queries.visible_deployments(self.actor)

    @extend_schema(
        request=shapes.DeploymentCreateSerializer,
        responses={201: shapes.DeploymentRevisionSerializer},
    )
    def create(self, request: Request) -> Response:
        """Make a deployment and answer its first revision."""
        shape = shapes.DeploymentCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = revisions.create(actor=self.actor, **shape.validated_data)
        return _revision(made, code=status.HTTP_201_CREATED)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=False, url_path="schema", pagination_class=None, filterset_class=None)
    def configuration_schema(self, request: Request) -> Response:
        """Answer the JSON Schema of a deployment's configuration."""
        return Response(CONFIGURATION.schema)

    @extend_schema(
        parameters=[OpenApiParameter("at", OpenApiTypes.DATETIME)],
        responses=shapes.ServingSerializer(many=True),
    )
    @action(
        detail=False,
        queryset=DeploymentMember.objects.none(),
        serializer_class=shapes.ServingSerializer,
        filterset_class=ServingFilter,
    )
    def serving(self, request: Request) -> Response:
        """Answer what serves, now or as of ``at``, with applications and whom to ask."""
        shape = shapes.AsOfSerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        found = queries.serving(self.actor, at=shape.validated_data.get("at"))
        page = self.paginate_queryset(self.filter_queryset(found))
        return self.get_paginated_response(shapes.ServingSerializer(page, many=True).data)

    @extend_schema(
        parameters=[ExposureQuerySerializer],
        responses={
            (200, "application/json"): ExposureSerializer,
            (200, "text/csv"): OpenApiTypes.BINARY,
        },
    )
    @action(
        detail=False,
        content_negotiation_class=FormatIsAParameter,
        pagination_class=None,
        filterset_class=None,
    )
    def exposure(self, request: Request) -> Response | HttpResponse:
        """Answer what was served that rests on the version ``ref``, before and after it was
        withdrawn; as JSON or CSV."""
        shape = ExposureQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        found = exposure_of(self.actor, shape.validated_data["ref"])
        if shape.validated_data["format"] == "csv":
            return HttpResponse(
                exposure_as_csv(found),
                content_type="text/csv; charset=utf-8; header=present",
                headers={"Content-Disposition": 'attachment; filename="exposure.csv"'},
            )
        return Response(ExposureSerializer(found).data)

    @extend_schema(responses=shapes.DeploymentRevisionSerializer(many=True))
    @action(
        detail=True,
        queryset=DeploymentRevision.objects.none(),
        serializer_class=shapes.DeploymentRevisionSerializer,
        filterset_class=None,
    )
    def revisions(self, request: Request, uuid: UUID) -> Response:
        """Answer the deployment's revisions, newest first."""
        page = self.paginate_queryset(queries.revisions_of(self.actor, uuid))
        return self.get_paginated_response(
            shapes.DeploymentRevisionSerializer(page, many=True).data
        )

    @extend_schema(
        request=shapes.RevisionCreateSerializer,
        responses={201: shapes.DeploymentRevisionSerializer},
    )
    @revisions.mapping.post
    def revise(self, request: Request, uuid: UUID) -> Response:
        """Make the next revision."""
        shape = shapes.RevisionCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = revisions.revise(actor=self.actor, deployment=uuid, **shape.validated_data)
        return _revision(made, code=status.HTTP_201_CREATED)

    @extend_schema(
        request=shapes.RollbackSerializer, responses={201: shapes.DeploymentRevisionSerializer}
    )
    @action(detail=True, methods=["post"])
    def rollback(self, request: Request, uuid: UUID) -> Response:
        """Make a next revision that equals an earlier one."""
        shape = shapes.RollbackSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = revisions.roll_back(actor=self.actor, deployment=uuid, **shape.validated_data)
        return _revision(made, code=status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.DeploymentStateSerializer(many=True))
    @action(
        detail=True,
        queryset=DeploymentState.objects.none(),
        serializer_class=shapes.DeploymentStateSerializer,
        filterset_class=StateFilter,
    )
    def states(self, request: Request, uuid: UUID) -> Response:
        """Answer what was desired and done, newest first."""
        found = self.filter_queryset(queries.states_of(self.actor, uuid))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(shapes.DeploymentStateSerializer(page, many=True).data)

    @extend_schema(
        request=shapes.StateReportSerializer, responses={201: shapes.DeploymentStateSerializer}
    )
    @states.mapping.post
    def report_state(self, request: Request, uuid: UUID) -> Response:
        """Record what a revision does."""
        shape = shapes.StateReportSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        fact = states.report(actor=self.actor, deployment=uuid, **shape.validated_data)
        return _state(fact, code=status.HTTP_201_CREATED)

    @extend_schema(
        request=shapes.DeploymentReasonSerializer, responses=shapes.DeploymentStateSerializer
    )
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, uuid: UUID) -> Response:
        """Let the deployment serve no more."""
        shape = shapes.DeploymentReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        fact = states.stop(actor=self.actor, deployment=uuid, **shape.validated_data)
        return _state(fact, code=status.HTTP_200_OK)

    @extend_schema(
        request=shapes.DeploymentReasonSerializer, responses=shapes.DeploymentStateSerializer
    )
    @action(detail=True, methods=["post"])
    def start(self, request: Request, uuid: UUID) -> Response:
        """Let a stopped deployment serve again."""
        shape = shapes.DeploymentReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        fact = states.start(actor=self.actor, deployment=uuid, **shape.validated_data)
        return _state(fact, code=status.HTTP_200_OK)

    @extend_schema(
        operation_id="registry_deployments_check_first_create",
        request=shapes.DeploymentCreateSerializer,
        responses=shapes.PermitSerializer,
    )
    @action(detail=False, methods=["post"], url_path="check")
    def check_first(self, request: Request) -> Response:
        """Answer whether a deployment that nobody made yet might serve; 200 also for a denial."""
        shape = shapes.DeploymentCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        draft = shape.validated_data
        del draft["reason"]  # of making it; the body is that of a creation
        return Response(shapes.PermitSerializer(checks.check_first(actor=self.actor, **draft)).data)

    @extend_schema(request=shapes.CheckInputSerializer, responses=shapes.PermitSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, uuid: UUID) -> Response:
        """Answer whether the deployment may serve now; 200 also for a denial."""
        shape = shapes.CheckInputSerializer(data=request.data or {})
        shape.is_valid(raise_exception=True)
        permit = checks.check(actor=self.actor, deployment=uuid, **shape.validated_data)
        return Response(shapes.PermitSerializer(permit).data)


def _revision(revision: DeploymentRevision, *, code: int) -> Response:
    return Response(shapes.DeploymentRevisionSerializer(revision).data, status=code)


def _state(fact: DeploymentState, *, code: int) -> Response:
    return Response(shapes.DeploymentStateSerializer(fact).data, status=code)
