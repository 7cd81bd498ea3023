"""Experiments over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.conditional import IF_MATCH, if_match, with_tag
from core.http.views import ActorViewSet
from registry import access
from registry.api.serializers.experiments import (
    ConcludeSerializer,
    ExperimentChangeSerializer,
    ExperimentCreateSerializer,
    ExperimentSerializer,
    RestoreSerializer,
    VerdictSerializer,
)
from registry.api.serializers.life import TagValueSerializer
from registry.api.views.life import KEY, REASON, checked
from registry.models import Experiment, ExperimentVerdict, Verdict
from registry.queries.experiments import (
    STATES,
    bearing,
    experiment_tag,
    experiments_in,
    visible_experiments,
    visible_verdicts,
)
from registry.services import experiment_changes, experiments, tracking_deletions

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


def hidden(default: str = "active") -> filters.ChoiceFilter:
    """Return the filter that lists what is deleted only when asked to."""
    return filters.ChoiceFilter(
        choices=[(state, state) for state in STATES],
        method="by_state",
        help_text=f"Which to list; {default} unless told.",
    )


class ExperimentFilter(filters.FilterSet):
    """Filters of experiments."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    name = filters.CharFilter(method="by_name")
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")
    state = hidden()
    status = filters.ChoiceFilter(choices=Verdict.choices, method="by_status")

    class Meta:
        model = Experiment
        fields: tuple[str, ...] = ()

    def by_name(
        self, queryset: QuerySet[Experiment], name: str, value: str
    ) -> QuerySet[Experiment]:
        """Keep those that bear the name or bore it."""
        return bearing(queryset, value)

    def by_state(
        self, queryset: QuerySet[Experiment], name: str, value: str
    ) -> QuerySet[Experiment]:
        """Keep those in the state."""
        return experiments_in(queryset, value)

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
        rows = visible_experiments(self.actor)
        if self.action == "list" and not self.request.query_params.get("state"):
            return experiments_in(rows, "active")
        return rows

    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer one experiment, deleted or not, with the tag of its state."""
        return self._tagged(self.get_object(), code=status.HTTP_200_OK)

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

    @extend_schema(
        parameters=[IF_MATCH], request=ExperimentChangeSerializer, responses=ExperimentSerializer
    )
    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Rename or describe an experiment, if it is still as ``If-Match`` says."""
        given = checked(ExperimentChangeSerializer, request)
        found = experiment_changes.change(
            actor=self.actor, experiment=uuid, expected=if_match(request), **given
        )
        return self._answer(found, code=status.HTTP_200_OK)

    @extend_schema(parameters=[REASON], responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Delete an experiment: it is hidden with its runs, and can be restored."""
        reason = request.query_params.get("reason", "")
        tracking_deletions.delete_experiment(actor=self.actor, experiment=uuid, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=RestoreSerializer, responses=ExperimentSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, uuid: UUID) -> Response:
        """Restore a deleted experiment."""
        given = checked(RestoreSerializer, request)
        found = tracking_deletions.restore_experiment(actor=self.actor, experiment=uuid, **given)
        return self._answer(found, code=status.HTTP_200_OK)

    @extend_schema(parameters=[KEY], request=TagValueSerializer, responses=ExperimentSerializer)
    @action(detail=True, methods=["put"], url_path="tags/<path:key>", url_name="tag")
    def tag(self, request: Request, uuid: UUID, key: str) -> Response:
        """Give a tag of an experiment a value."""
        given = checked(TagValueSerializer, request)
        found = experiment_changes.set_tag(actor=self.actor, experiment=uuid, key=key, **given)
        return self._answer(found, code=status.HTTP_200_OK)

    @extend_schema(parameters=[KEY, REASON], responses={204: None})
    @tag.mapping.delete
    def remove_tag(self, request: Request, uuid: UUID, key: str) -> Response:
        """Remove a tag of an experiment."""
        reason = request.query_params.get("reason", "")
        experiment_changes.remove_tag(actor=self.actor, experiment=uuid, key=key, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _answer(self, experiment: Experiment, *, code: int) -> Response:
        return self._tagged(self.get_queryset().get(pk=experiment.pk), code=code)

    def _tagged(self, shown: Experiment, *, code: int) -> Response:
        answer = Response(self.get_serializer(shown).data, status=code)
        return with_tag(answer, experiment_tag(shown))


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
