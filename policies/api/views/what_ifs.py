"""What-ifs over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.csv_text import lines
from core.http.views import ActorViewSet
from policies.api.serializers.assignments import (
    AssignmentSerializer,
    ReasonSerializer,
    TermsSerializer,
)
from policies.api.serializers.what_ifs import WhatIfResultSerializer, WhatIfSerializer
from policies.api.views.assignments import asked
from policies.models import WhatIf, WhatIfResult, Would
from policies.models.decision import STATES
from policies.queries.what_ifs import csv_rows, results_of, visible_what_ifs, what_if_by_uuid
from policies.services import what_ifs

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class WhatIfFilter(filters.FilterSet):
    """Filters of what-ifs."""

    requested_by = filters.CharFilter(field_name="requested_by__username")

    class Meta:
        model = WhatIf
        fields: tuple[str, ...] = ()


class WhatIfResultFilter(filters.FilterSet):
    """Filters of what would not pass."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    would = filters.ChoiceFilter(choices=Would.choices)
    state = filters.ChoiceFilter(choices=STATES)
    policy = filters.CharFilter(field_name="policy_version__policy__name")

    class Meta:
        model = WhatIfResult
        fields: tuple[str, ...] = ()


class WhatIfViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """What the caller asked of assignments that nobody has made, newest first."""

    queryset = WhatIf.objects.none()
    serializer_class = WhatIfSerializer
    filterset_class = WhatIfFilter

    def get_queryset(self) -> QuerySet[WhatIf]:
        return visible_what_ifs(self.actor)

    def get_object(self) -> WhatIf:
        return what_if_by_uuid(self.actor, self.kwargs["uuid"])

    @extend_schema(request=TermsSerializer, responses={202: WhatIfSerializer})
    def create(self, request: Request) -> Response:
        """Ask in the background what an assignment would find and do; nothing is assigned."""
        shape = TermsSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        made = what_ifs.ask(actor=self.actor, **asked(given))
        return Response(WhatIfSerializer(made).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=ReasonSerializer, responses={201: AssignmentSerializer})
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, uuid: UUID) -> Response:
        """Assign what was asked about, once."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = what_ifs.assign_as_asked(actor=self.actor, what_if=uuid, **shape.validated_data)
        return Response(AssignmentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=WhatIfResultSerializer(many=True))
    @action(
        detail=True,
        queryset=WhatIfResult.objects.none(),
        serializer_class=WhatIfResultSerializer,
        filterset_class=WhatIfResultFilter,
    )
    def results(self, request: Request, uuid: UUID) -> Response:
        """Answer one page of what would not pass."""
        found = self.filter_queryset(results_of(self.get_object(), self.actor))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(WhatIfResultSerializer(page, many=True).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(
        detail=True,
        queryset=WhatIfResult.objects.none(),
        filterset_class=WhatIfResultFilter,
        pagination_class=None,
    )
    def export(self, request: Request, uuid: UUID) -> StreamingHttpResponse:
        """Stream everything that would not pass as CSV."""
        found = self.filter_queryset(results_of(self.get_object(), self.actor))
        return StreamingHttpResponse(
            lines(csv_rows(found)),
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": f'attachment; filename="what-if-{uuid}.csv"'},
        )
