"""Evaluations and comparisons over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from core.errors import InvalidInput, TooLarge
from registry.api.filters import by_version
from registry.api.serializers.evaluations import (
    CompareSerializer,
    ComparisonSerializer,
    EvaluationCreateSerializer,
    EvaluationSerializer,
    PartSerializer,
    RowSerializer,
    SubmitSerializer,
)
from registry.api.views.experiments import ShowsVersions
from registry.models import Evaluation
from registry.queries.evaluations import rows_of, visible_evaluations
from registry.services.evaluations import comparison, request, texts

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class RowsParser(BaseParser):
    """Hands a part of the rows on as bytes: what they mean is seen when all are there."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the body; raises TooLarge beyond MUNIMENT_MAX_BODY_BYTES."""
        limit = settings.MAX_BODY_BYTES
        body: bytes = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(f"A part has at most {limit} bytes; send the rows in several.")
        return body


class EvaluationFilter(filters.FilterSet):
    """Filters of evaluations."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    name = filters.CharFilter()
    status = filters.CharFilter()
    evaluates = by_version("evaluates")
    dataset_digest = filters.CharFilter(field_name="dataset__digest")

    class Meta:
        model = Evaluation
        fields: tuple[str, ...] = ()


class EvaluationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ShowsVersions):
    """Evaluations that the caller may see."""

    queryset = Evaluation.objects.none()
    serializer_class = EvaluationSerializer
    filterset_class = EvaluationFilter

    def get_queryset(self) -> QuerySet[Evaluation]:
        return visible_evaluations(self.actor)

    @extend_schema(request=EvaluationCreateSerializer, responses={201: EvaluationSerializer})
    def create(self, request_: Request) -> Response:
        """Describe an evaluation; with ``rows``, have its result made in the background."""
        shape = EvaluationCreateSerializer(data=request_.data)
        shape.is_valid(raise_exception=True)
        made = request.describe(actor=self.actor, **shape.validated_data)
        return self._answer(made, code=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("number", int, required=True)],
        request={
            "application/x-ndjson": OpenApiTypes.BINARY,
            "text/csv": OpenApiTypes.BINARY,
        },
        responses=PartSerializer,
    )
    @action(
        detail=True,
        methods=["put"],
        parser_classes=[RowsParser],
    )
    def parts(self, request_: Request, uuid: UUID) -> Response:
        """Store one part of the rows; parts count from 1 and may be sent again."""
        body: Any = request_.data
        text = request_.query_params.get("number", "")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise InvalidInput.of("number", "must be a whole number from 1")
        number = int(text)
        digest = request.store_part(actor=self.actor, evaluation=uuid, number=number, body=body)
        return Response({"number": number, "digest": digest})

    @extend_schema(request=SubmitSerializer, responses={202: EvaluationSerializer})
    @action(detail=True, methods=["post"])
    def submit(self, request_: Request, uuid: UUID) -> Response:
        """Say that all parts are there; the result is made in the background."""
        shape = SubmitSerializer(data=request_.data)
        shape.is_valid(raise_exception=True)
        found = request.submit(actor=self.actor, evaluation=uuid, **shape.validated_data)
        return self._answer(found, code=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=RowSerializer(many=True), filters=False)
    @action(detail=True)
    def rows(self, request_: Request, uuid: UUID) -> Response:
        """Answer the rows behind the result, the last one first."""
        page: Any = self.paginate_queryset(rows_of(self.get_object()))
        return self.get_paginated_response(RowSerializer(page, many=True).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"])
    def texts(self, request_: Request, uuid: UUID) -> Response:
        """Erase inputs, outputs and references of the rows; scores and digests stay."""
        texts.erase(actor=self.actor, evaluation=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=CompareSerializer, responses=ComparisonSerializer)
    @action(detail=False, methods=["post"])
    def compare(self, request_: Request) -> Response:
        """Compare results on one dataset row by row, corrected for how many are asked."""
        shape = CompareSerializer(data=request_.data)
        shape.is_valid(raise_exception=True)
        found = comparison.compare(actor=self.actor, **shape.validated_data)
        return Response(ComparisonSerializer(found).data)

    def _answer(self, evaluation: Evaluation, *, code: int) -> Response:
        shown = self.get_queryset().get(pk=evaluation.pk)
        return Response(self.get_serializer(shown).data, status=code)
