"""Questions that people ask of lineage, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from core.http.negotiation import FormatIsAParameter
from core.http.views import ActorViewSet
from lineage.api.serializers import NODE
from lineage.api.tables import FormatSerializer, TableSerializer, answer
from lineage.models import LineageEvent
from lineage.queries import questions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http.response import HttpResponseBase
    from rest_framework.request import Request

RESPONSES = {
    (200, "application/json"): TableSerializer,
    (200, "text/csv"): OpenApiTypes.BINARY,
}


class TrainingDataQuery(FormatSerializer):
    """Of which version."""

    node = serializers.CharField(max_length=1_000, help_text=NODE)
    as_of = serializers.DateTimeField(required=False)


class ImpactQuery(FormatSerializer):
    """Of which version or dataset."""

    node = serializers.CharField(max_length=1_000, help_text=NODE)


class ChangesQuery(FormatSerializer):
    """Between which versions."""

    before = serializers.CharField(max_length=1_000, help_text=NODE)
    after = serializers.CharField(max_length=1_000, help_text=NODE)


class ProductionQuery(FormatSerializer):
    """When, and in which workspace; in every production workspace without."""

    at = serializers.DateTimeField(required=False, help_text="The moment; now without.")
    workspace = serializers.CharField(max_length=63, required=False)


class OriginsQuery(FormatSerializer):
    """In which workspace; in every production workspace without."""

    workspace = serializers.CharField(max_length=63, required=False)


class QuestionViewSet(ActorViewSet):
    """Each question is one call, one table, one CSV file."""

    queryset = LineageEvent.objects.none()
    serializer_class = TableSerializer
    filter_backends = ()
    pagination_class = None
    content_negotiation_class = FormatIsAParameter

    @extend_schema(parameters=[TrainingDataQuery], responses=RESPONSES)
    @action(detail=False, url_path="training-data")
    def training_data(self, request: Request) -> HttpResponseBase:
        """Answer what data, with digests, went into a version, through base models too."""
        asked, file_format = _asked(TrainingDataQuery, request)
        return answer(questions.training_data(self.actor, **asked), file_format)

    @extend_schema(parameters=[ImpactQuery], responses=RESPONSES)
    @action(detail=False)
    def impact(self, request: Request) -> HttpResponseBase:
        """Answer which versions, deployments and owners are touched by a version or dataset."""
        asked, file_format = _asked(ImpactQuery, request)
        return answer(questions.impact(self.actor, **asked), file_format)

    @extend_schema(parameters=[ChangesQuery], responses=RESPONSES)
    @action(detail=False)
    def changes(self, request: Request) -> HttpResponseBase:
        """Answer what changed between the lineages of two versions."""
        asked, file_format = _asked(ChangesQuery, request)
        return answer(questions.changes(self.actor, **asked), file_format)

    @extend_schema(parameters=[ProductionQuery], responses=RESPONSES)
    @action(detail=False, url_path="fed-production")
    def fed_production(self, request: Request) -> HttpResponseBase:
        """Answer what production was made of at a time."""
        asked, file_format = _asked(ProductionQuery, request)
        at = asked.pop("at", None) or timezone.now()
        return answer(questions.fed_production(self.actor, at, **asked), file_format)

    @extend_schema(parameters=[OriginsQuery], responses=RESPONSES)
    @action(detail=False, url_path="unknown-origins")
    def unknown_origins(self, request: Request) -> HttpResponseBase:
        """Answer what is not known of the origins of what stands in production."""
        asked, file_format = _asked(OriginsQuery, request)
        return answer(questions.unknown_origins(self.actor, **asked), file_format)


def _asked(
    shape: type[serializers.Serializer[Any]], request: Request
) -> tuple[dict[str, Any], str]:
    """Return the checked query without its format, and the format."""
    query: Mapping[str, Any] = request.query_params
    checked = shape(data=query)
    checked.is_valid(raise_exception=True)
    asked = dict(checked.validated_data)
    return asked, asked.pop("format")
