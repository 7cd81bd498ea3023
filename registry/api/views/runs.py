"""Runs over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.conditional import IF_MATCH, if_match, with_tag
from registry.api.serializers.experiments import RestoreSerializer
from registry.api.serializers.life import TagValueSerializer
from registry.api.serializers.runs import (
    BatchSerializer,
    FinishSerializer,
    PointSerializer,
    RunChangeSerializer,
    RunCreateSerializer,
    RunSerializer,
)
from registry.api.views.experiments import ShowsVersions, hidden
from registry.api.views.life import KEY, REASON, checked
from registry.models import Run, RunMetric
from registry.queries.experiments import run_tag, runs_in, visible_runs
from registry.queries.runs import belonging_to
from registry.services import tracking_deletions
from registry.services.runs import batches, changes, life

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class RunFilter(filters.FilterSet):
    """Filters of runs."""

    experiment = filters.UUIDFilter(field_name="experiment__uuid")
    workspace = filters.CharFilter(field_name="experiment__workspace__slug")
    status = filters.CharFilter()
    name = filters.CharFilter()
    state = hidden()
    parent = filters.UUIDFilter(method="by_parent")
    dataset_digest = filters.CharFilter(field_name="inputs__digest", distinct=True)

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()

    def by_parent(self, queryset: QuerySet[Run], name: str, value: UUID) -> QuerySet[Run]:
        """Keep the runs that belong to a run."""
        return belonging_to(queryset, value)

    def by_state(self, queryset: QuerySet[Run], name: str, value: str) -> QuerySet[Run]:
        """Keep those in the state."""
        return runs_in(queryset, value)


class RunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ShowsVersions):
    """Runs that the caller may see."""

    queryset = Run.objects.none()
    serializer_class = RunSerializer
    filterset_class = RunFilter
    workspace_path = "experiment__workspace"

    def get_queryset(self) -> QuerySet[Run]:
        rows = visible_runs(self.actor)
        if self.action == "list" and not self.request.query_params.get("state"):
            return runs_in(rows, "active")
        return rows

    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer one run, deleted or not, with the tag of its state."""
        return self._tagged(self.get_object(), code=status.HTTP_200_OK)

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

    @extend_schema(parameters=[IF_MATCH], request=RunChangeSerializer, responses=RunSerializer)
    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Rename or describe a run, or say how it stands, if it is as ``If-Match`` says."""
        given = checked(RunChangeSerializer, request)
        run = changes.change(actor=self.actor, run=uuid, expected=if_match(request), **given)
        return self._answer(run, code=status.HTTP_200_OK)

    @extend_schema(parameters=[REASON], responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Delete a run: it is hidden, and can be restored."""
        reason = request.query_params.get("reason", "")
        tracking_deletions.delete_run(actor=self.actor, run=uuid, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=RestoreSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, uuid: UUID) -> Response:
        """Restore a deleted run."""
        given = checked(RestoreSerializer, request)
        run = tracking_deletions.restore_run(actor=self.actor, run=uuid, **given)
        return self._answer(run, code=status.HTTP_200_OK)

    @extend_schema(parameters=[KEY], request=TagValueSerializer, responses=RunSerializer)
    @action(detail=True, methods=["put"], url_path="tags/<path:key>", url_name="tag")
    def tag(self, request: Request, uuid: UUID, key: str) -> Response:
        """Give a tag of a run a value."""
        given = checked(TagValueSerializer, request)
        run = changes.set_tag(actor=self.actor, run=uuid, key=key, **given)
        return self._answer(run, code=status.HTTP_200_OK)

    @extend_schema(parameters=[KEY, REASON], responses={204: None})
    @tag.mapping.delete
    def remove_tag(self, request: Request, uuid: UUID, key: str) -> Response:
        """Remove a tag of a run."""
        reason = request.query_params.get("reason", "")
        changes.remove_tag(actor=self.actor, run=uuid, key=key, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _answer(self, run: Run, *, code: int) -> Response:
        return self._tagged(self.get_queryset().get(pk=run.pk), code=code)

    def _tagged(self, shown: Run, *, code: int) -> Response:
        return with_tag(Response(self.get_serializer(shown).data, status=code), run_tag(shown))
