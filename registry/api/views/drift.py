"""Drift of what deployments serve, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.serializers import drift as shapes
from registry.api.serializers.deployments import DeploymentReasonSerializer
from registry.models import DriftBaseline, DriftCheck, DriftResult
from registry.queries import drift as queries
from registry.services.serving import baselines, drift_checks, drifting

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class DeploymentDriftViewSet(ActorViewSet):
    """Baselines and comparisons of one deployment."""

    queryset = DriftCheck.objects.none()
    serializer_class = shapes.DriftCheckSerializer
    workspace_path = "deployment__workspace"

    @extend_schema(responses=shapes.BaselineSerializer(many=True))
    @action(
        detail=True,
        queryset=DriftBaseline.objects.none(),
        serializer_class=shapes.BaselineSerializer,
    )
    def baselines(self, request: Request, uuid: UUID) -> Response:
        """Answer the deployment's baselines, newest first."""
        page = self.paginate_queryset(queries.baselines_of(self.actor, uuid))
        return self.get_paginated_response(shapes.BaselineSerializer(page, many=True).data)

    @extend_schema(
        request=shapes.BaselineInputSerializer, responses={201: shapes.BaselineSerializer}
    )
    @baselines.mapping.post
    def pin_baseline(self, request: Request, uuid: UUID) -> Response:
        """Pin values of a feature to compare with."""
        shape = shapes.BaselineInputSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        pinned = baselines.pin(actor=self.actor, deployment=uuid, **shape.validated_data)
        return Response(shapes.BaselineSerializer(pinned).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=shapes.DriftCheckSerializer(many=True))
    @action(detail=True, url_path="drift-checks")
    def drift_checks(self, request: Request, uuid: UUID) -> Response:
        """Answer the deployment's comparisons, those that ended too, each with its last result."""
        page = self.paginate_queryset(queries.drift_checks_of(self.actor, uuid))
        return self.get_paginated_response(shapes.DriftCheckSerializer(page, many=True).data)

    @extend_schema(
        request=shapes.DriftCheckInputSerializer, responses={201: shapes.DriftCheckSerializer}
    )
    @drift_checks.mapping.post
    def set_drift_check(self, request: Request, uuid: UUID) -> Response:
        """Let a comparison be repeated from now on, instead of the one of its name."""
        shape = shapes.DriftCheckInputSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        name, reason = given.pop("name"), given.pop("reason")
        check = drift_checks.set_drift_check(
            actor=self.actor,
            deployment=uuid,
            name=name,
            comparison=drift_checks.Comparison(**given),
            reason=reason,
        )
        return Response(shapes.DriftCheckSerializer(check).data, status=status.HTTP_201_CREATED)


class DriftCheckViewSet(ActorViewSet):
    """Comparisons by their own ids."""

    queryset = DriftCheck.objects.none()
    serializer_class = shapes.DriftCheckSerializer
    workspace_path = "deployment__workspace"

    @extend_schema(request=DeploymentReasonSerializer, responses=shapes.DriftCheckSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """Repeat the comparison no more."""
        shape = DeploymentReasonSerializer(data=request.data or {})
        shape.is_valid(raise_exception=True)
        check = drift_checks.end_drift_check(actor=self.actor, check=uuid, **shape.validated_data)
        return Response(shapes.DriftCheckSerializer(check).data)

    @extend_schema(request=None, responses={202: shapes.MeasurementRequestedSerializer})
    @action(detail=True, methods=["post"])
    def measure(self, request: Request, uuid: UUID) -> Response:
        """Let a task make the comparison now."""
        task = drift_checks.request_measurement(actor=self.actor, check=uuid)
        answer = shapes.MeasurementRequestedSerializer(task).data
        return Response(answer, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=shapes.DriftResultSerializer(many=True))
    @action(
        detail=True,
        queryset=DriftResult.objects.none(),
        serializer_class=shapes.DriftResultSerializer,
    )
    def results(self, request: Request, uuid: UUID) -> Response:
        """Answer what the comparison found, newest first."""
        page = self.paginate_queryset(queries.results_of(self.actor, uuid))
        return self.get_paginated_response(shapes.DriftResultSerializer(page, many=True).data)

    @extend_schema(
        request=shapes.DriftReportSerializer, responses={201: shapes.DriftResultSerializer}
    )
    @results.mapping.post
    def report_result(self, request: Request, uuid: UUID) -> Response:
        """Record what the comparison's evaluator measured."""
        shape = shapes.DriftReportSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        result = drifting.report_value(actor=self.actor, check=uuid, **shape.validated_data)
        return Response(shapes.DriftResultSerializer(result).data, status=status.HTTP_201_CREATED)
