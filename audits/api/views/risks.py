"""The risk register over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.risks import (
    RiskAcceptSerializer,
    RiskAtSerializer,
    RiskCreateSerializer,
    RiskLinkCreateSerializer,
    RiskLinkSerializer,
    RiskMatrixSerializer,
    RiskReviewSerializer,
    RiskReviseSerializer,
    RiskSerializer,
    RiskUnlinkSerializer,
)
from audits.models import Risk, RiskLink, RiskRevision
from audits.models.risk import Level
from audits.queries import risks as register
from audits.services import risk_links, risks
from core.csv_text import lines
from core.http.conditional import IF_MATCH, if_match, with_tag
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class RiskFilter(filters.FilterSet):
    """Filters of risks."""

    workspace = filters.CharFilter(field_name="risk__workspace__slug")
    state = filters.ChoiceFilter(choices=Risk.State.choices)
    category = filters.ChoiceFilter(choices=Risk.Category.choices)
    treatment = filters.ChoiceFilter(choices=Risk.Treatment.choices)
    owner = filters.CharFilter(field_name="owner__username")
    level = filters.ChoiceFilter(method="with_level", choices=Level.choices)
    is_overdue = filters.BooleanFilter(method="with_overdue")
    control = filters.CharFilter(method="with_control")

    class Meta:
        model = RiskRevision
        fields: tuple[str, ...] = ()

    def with_level(
        self, found: QuerySet[RiskRevision], name: str, value: str
    ) -> QuerySet[RiskRevision]:
        """Return the risks that stand at the level."""
        return register.scored(found).filter(register.at_level(Level(value)))

    def with_overdue(
        self, found: QuerySet[RiskRevision], name: str, value: bool
    ) -> QuerySet[RiskRevision]:
        """Return the risks whose review is overdue, or is not."""
        return found.filter(register.overdue()) if value else found.exclude(register.overdue())

    def with_control(
        self, found: QuerySet[RiskRevision], name: str, value: str
    ) -> QuerySet[RiskRevision]:
        """Return the risks that are linked to the control now."""
        framework, _, control = value.partition("/")
        linked = RiskLink.objects.filter(
            framework=framework, control=control, valid_to__isnull=True
        )
        return found.filter(risk__in=linked.exclude(control="").values("risk"))


class RiskViewSet(mixins.ListModelMixin, ActorViewSet):
    """Risks of the caller's workspaces, and for who triages findings of the organisation."""

    queryset = RiskRevision.objects.none()
    serializer_class = RiskSerializer
    filterset_class = RiskFilter
    workspace_path = "risk__workspace"

    def get_queryset(self) -> QuerySet[RiskRevision]:
        return register.register(self.actor, at=self._at())

    def get_object(self) -> RiskRevision:
        return register.risk_by_uuid(self.actor, self.kwargs["uuid"], at=self._at())

    def _at(self) -> datetime | None:
        shape = RiskAtSerializer(data=self.request.query_params)
        shape.is_valid(raise_exception=True)
        at: datetime | None = shape.validated_data.get("at")
        return at

    def _told(self, revision: RiskRevision, **more: Any) -> Response:
        return with_tag(Response(RiskSerializer(revision).data, **more), register.tag_of(revision))

    @extend_schema(parameters=[RiskAtSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer one page of the register, what was revised last first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[RiskAtSerializer], responses=RiskSerializer)
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer a risk as it stands, or stood."""
        return self._told(self.get_object())

    @extend_schema(request=RiskCreateSerializer, responses={201: RiskSerializer})
    def create(self, request: Request) -> Response:
        """Put a risk on the register."""
        shape = RiskCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        workspace = given.pop("workspace")
        made = risks.create(actor=self.actor, terms=risks.RiskTerms(**given), workspace=workspace)
        return self._told(made, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[IF_MATCH], request=RiskReviseSerializer, responses=RiskSerializer)
    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Say something else of a risk; what was accepted is open again."""
        shape = RiskReviseSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changes: dict[str, Any] = dict(shape.validated_data)
        reason = changes.pop("reason")
        made = risks.revise(
            actor=self.actor,
            risk=uuid,
            changes=changes,
            expected=if_match(request),
            reason=reason,
        )
        return self._told(made)

    @extend_schema(parameters=[IF_MATCH], request=RiskReviewSerializer, responses=RiskSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, uuid: UUID) -> Response:
        """Say that a risk stands as it does until its next review."""
        shape = RiskReviewSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = risks.review(
            actor=self.actor, risk=uuid, expected=if_match(request), **shape.validated_data
        )
        return self._told(made)

    @extend_schema(parameters=[IF_MATCH], request=RiskAcceptSerializer, responses=RiskSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, uuid: UUID) -> Response:
        """Accept a risk that somebody else owns, as it stands."""
        shape = RiskAcceptSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = risks.accept(
            actor=self.actor, risk=uuid, expected=if_match(request), **shape.validated_data
        )
        return self._told(made)

    @extend_schema(responses=RiskSerializer(many=True))
    @action(detail=True, filter_backends=())
    def revisions(self, request: Request, uuid: UUID) -> Response:
        """Answer one page of the risk's revisions, newest first."""
        found = register.history(register.risk_by_uuid(self.actor, uuid))
        page = self.paginate_queryset(found)
        return self.get_paginated_response(RiskSerializer(page, many=True).data)

    @extend_schema(
        methods=["GET"],
        parameters=[RiskAtSerializer],
        responses=RiskLinkSerializer(many=True),
    )
    @extend_schema(
        methods=["POST"],
        request=RiskLinkCreateSerializer,
        responses={201: RiskLinkSerializer},
    )
    @action(detail=True, methods=["get", "post"], filter_backends=(), pagination_class=None)
    def links(self, request: Request, uuid: UUID) -> Response:
        """Answer what the risk is linked to, or link it."""
        if request.method == "POST":
            shape = RiskLinkCreateSerializer(data=request.data)
            shape.is_valid(raise_exception=True)
            made = risk_links.link(actor=self.actor, risk=uuid, **shape.validated_data)
            return Response(RiskLinkSerializer(made).data, status=status.HTTP_201_CREATED)
        found = register.links_of(self.actor, self.get_object(), at=self._at())
        return Response(RiskLinkSerializer(found, many=True).data)

    @extend_schema(request=RiskUnlinkSerializer, responses=RiskLinkSerializer)
    @action(detail=True, methods=["post"], url_path="links/<uuid:link>/end")
    def unlink(self, request: Request, uuid: UUID, link: UUID) -> Response:
        """Let a link count no more."""
        shape = RiskUnlinkSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = risk_links.unlink(actor=self.actor, risk=uuid, link=link, **shape.validated_data)
        return Response(RiskLinkSerializer(ended).data)

    @extend_schema(parameters=[RiskAtSerializer], responses=RiskMatrixSerializer)
    @action(detail=False, pagination_class=None)
    def matrix(self, request: Request) -> Response:
        """Answer how many risks that are not closed are in each cell of the five by five."""
        cells = register.matrix(self.filter_queryset(self.get_queryset()))
        return Response(RiskMatrixSerializer({"cells": cells}).data)

    @extend_schema(
        parameters=[RiskAtSerializer], responses={(200, "text/csv"): OpenApiTypes.BINARY}
    )
    @action(detail=False, pagination_class=None)
    def export(self, request: Request) -> StreamingHttpResponse:
        """Stream every risk that the filters leave as CSV."""
        found = self.filter_queryset(self.get_queryset()).order_by("risk_id")
        return StreamingHttpResponse(
            lines(register.csv_rows(found.iterator(chunk_size=500))),
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": 'attachment; filename="risks.csv"'},
        )
