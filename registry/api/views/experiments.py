"""Experiments and runs over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry import access
from registry.api.serializers.experiments import (
    BatchSerializer,
    ConcludeSerializer,
    ExperimentCreateSerializer,
    ExperimentSerializer,
    FinishSerializer,
    PointSerializer,
    RunCreateSerializer,
    RunSerializer,
    VerdictSerializer,
)
from registry.models import Experiment, ExperimentVerdict, Run, RunMetric, Verdict
from registry.queries.experiments import visible_experiments, visible_runs, visible_verdicts
from registry.services import experiments
from registry.services.runs import batches, life

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class ShowsVersions(ActorViewSet):
    """A viewset whose rows name versions of other workspaces, which not everybody may see."""

    def get_serializer_context(self) -> dict[str, Any]:
        """Return the context with the workspaces that the caller may see."""
        places = access.visible_workspaces(self.actor).values_list("pk", flat=True)
        return {**super().get_serializer_context(), "readable": frozenset(places)}


class ExperimentFilter(filters.FilterSet):
    """Filters of experiments."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    name = filters.CharFilter()
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")
    lifecycle_stage = filters.CharFilter()
    status = filters.ChoiceFilter(choices=Verdict.choices, method="by_status")

    class Meta:
        model = Experiment
        fields: tuple[str, ...] = ()

    def by_status(
        self, queryset: QuerySet[Experiment], name: str, value: str
    ) -> QuerySet[Experiment]:
        """Keep those whose hypothesis stands like that; open ones may have no verdict."""
        standing = ExperimentVerdict.objects.as_of(None)
        if value == Verdict.OPEN:
            decided = standing.exclude(status=Verdict.OPEN)
            return queryset.exclude(pk__in=decided.values("experiment"))
        return queryset.filter(pk__in=standing.filter(status=value).values("experiment"))


class ExperimentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ShowsVersions):
    """Experiments that the caller may see."""

    queryset = Experiment.objects.none()
    serializer_class = ExperimentSerializer
    filterset_class = ExperimentFilter

    def get_queryset(self) -> QuerySet[Any]:
        return visible_experiments(self.actor)

    @extend_schema(request=ExperimentCreateSerializer, responses={201: ExperimentSerializer})
    def create(self, request: Request) -> Response:
        """Create an experiment."""
        shape = ExperimentCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = experiments.create(actor=self.actor, **shape.validated_data)
        return self._answer(made, code=status.HTTP_201_CREATED)

    @extend_schema(request=ConcludeSerializer, responses=ExperimentSerializer)
    @action(detail=True, methods=["post"])
    def conclude(self, request: Request, uuid: UUID) -> Response:
        """Say how the hypothesis stands from now on, and what that rests on."""
        shape = ConcludeSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        found = experiments.conclude(actor=self.actor, experiment=uuid, **shape.validated_data)
        return self._answer(found, code=status.HTTP_200_OK)

    def _answer(self, experiment: Experiment, *, code: int) -> Response:
        shown = self.get_queryset().get(pk=experiment.pk)
        return Response(self.get_serializer(shown).data, status=code)


class VerdictFilter(filters.FilterSet):
    """Filters of verdicts."""

    experiment = filters.UUIDFilter(field_name="experiment__uuid")

    class Meta:
        model = ExperimentVerdict
        fields: tuple[str, ...] = ()


class VerdictViewSet(mixins.ListModelMixin, ShowsVersions):
    """Every verdict on experiments that the caller may see, ended ones included."""

    queryset = ExperimentVerdict.objects.none()
    serializer_class = VerdictSerializer
    filterset_class = VerdictFilter

    def get_queryset(self) -> QuerySet[ExperimentVerdict]:
        return visible_verdicts(self.actor)


class RunFilter(filters.FilterSet):
    """Filters of runs."""

    experiment = filters.UUIDFilter(field_name="experiment__uuid")
    workspace = filters.CharFilter(field_name="experiment__workspace__slug")
    status = filters.CharFilter()
    name = filters.CharFilter()
    lifecycle_stage = filters.CharFilter()
    dataset_digest = filters.CharFilter(field_name="inputs__digest", distinct=True)

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()


class RunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ShowsVersions):
    """Runs that the caller may see."""

    queryset = Run.objects.none()
    serializer_class = RunSerializer
    filterset_class = RunFilter
    workspace_path = "experiment__workspace"

    def get_queryset(self) -> QuerySet[Run]:
        return visible_runs(self.actor)

    @extend_schema(request=RunCreateSerializer, responses={201: RunSerializer})
    def create(self, request: Request) -> Response:
        """Start a run."""
        shape = RunCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = life.start(actor=self.actor, **shape.validated_data)
        return self._answer(made, code=status.HTTP_201_CREATED)

    @extend_schema(request=BatchSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"], url_path="log-batch")
    def log_batch(self, request: Request, uuid: UUID) -> Response:
        """Log metrics, params, tags, inputs and outputs: all of them, or none."""
        shape = BatchSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        run = batches.log_batch(actor=self.actor, run=uuid, **shape.validated_data)
        return self._answer(run, code=status.HTTP_200_OK)

    @extend_schema(request=FinishSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, uuid: UUID) -> Response:
        """End a run."""
        shape = FinishSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        run = life.finish(actor=self.actor, run=uuid, **shape.validated_data)
        return self._answer(run, code=status.HTTP_200_OK)

    @extend_schema(responses=PointSerializer(many=True), filters=False)
    @action(detail=True, url_path="metrics")
    def history(self, request: Request, uuid: UUID) -> Response:
        """Answer every value that was logged, newest first; ``key`` names one metric."""
        points = RunMetric.objects.filter(run=self.get_object())
        if key := request.query_params.get("key"):
            points = points.filter(key=key)
        page: Any = self.paginate_queryset(points)
        return self.get_paginated_response(PointSerializer(page, many=True).data)

    def _answer(self, run: Run, *, code: int) -> Response:
        shown = self.get_queryset().get(pk=run.pk)
        return Response(self.get_serializer(shown).data, status=code)
