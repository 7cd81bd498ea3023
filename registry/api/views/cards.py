"""Cards over HTTP: read, write, submit, review; and what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.conditional import IF_MATCH, if_match, with_tag
from core.http.views import ActorViewSet
from registry import access
from registry.api.serializers.cards import (
    CardDecisionSerializer,
    CardRequirementSerializer,
    CardRequirementSetSerializer,
    CardRevisionSerializer,
    CardRowSerializer,
    CardSerializer,
    CardSubmitSerializer,
    CardWriteSerializer,
)
from registry.models import AssetVersion, Card, CardRevision, Workspace
from registry.queries.cards import described, requirements, revisions_of, visible_cards
from registry.queries.versions import version_by_uuid
from registry.services import card_requirements, cards

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class CardFilter(filters.FilterSet):
    """Filters of cards."""

    workspace = filters.CharFilter(field_name="version__asset__workspace__slug")
    kind = filters.CharFilter(field_name="version__asset__kind")
    name = filters.CharFilter(field_name="version__asset__name")
    status = filters.ChoiceFilter(choices=Card.Status.choices)

    class Meta:
        model = Card
        fields: tuple[str, ...] = ()


class CardViewSet(mixins.ListModelMixin, ActorViewSet):
    """Cards of the versions that the caller may see: ``?status=in_review`` is a reviewer's desk."""

    queryset = Card.objects.none()
    serializer_class = CardRowSerializer
    filterset_class = CardFilter

    def get_queryset(self) -> QuerySet[Card]:
        return visible_cards(self.actor)


class VersionCardViewSet(ActorViewSet):
    """The card of one version."""

    queryset = AssetVersion.objects.none()
    serializer_class = CardSerializer
    filter_backends = ()

    def _answer(self, uuid: UUID) -> Response:
        version = version_by_uuid(self.actor, uuid)
        return with_tag(Response(CardSerializer(described(version)).data), cards.tag_of(version))

    @extend_schema(responses=CardSerializer)
    @action(detail=True)
    def card(self, request: Request, uuid: UUID) -> Response:
        """Answer the card, also the one inside the spec, and what it lacks at each stage."""
        return self._answer(uuid)

    @extend_schema(parameters=[IF_MATCH], request=CardWriteSerializer, responses=CardSerializer)
    @card.mapping.put
    def write_card(self, request: Request, uuid: UUID) -> Response:
        """Write a revision, if the card is still as ``If-Match`` says; it is a draft then."""
        shape = CardWriteSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        cards.write(
            actor=self.actor, version=uuid, expected=if_match(request), **shape.validated_data
        )
        return self._answer(uuid)

    @extend_schema(request=CardSubmitSerializer, responses=CardSerializer)
    @action(detail=True, methods=["post"], url_path="card/submit")
    def submit_card(self, request: Request, uuid: UUID) -> Response:
        """Ask for a review of the last revision."""
        shape = CardSubmitSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        cards.submit(actor=self.actor, version=uuid, **shape.validated_data)
        return self._answer(uuid)

    @extend_schema(request=CardDecisionSerializer, responses=CardSerializer)
    @action(detail=True, methods=["post"], url_path="card/review")
    def review_card(self, request: Request, uuid: UUID) -> Response:
        """Accept or return the last revision, which somebody else wrote."""
        shape = CardDecisionSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        cards.review(actor=self.actor, version=uuid, **shape.validated_data)
        return self._answer(uuid)

    @extend_schema(responses=CardRevisionSerializer(many=True))
    @action(detail=True, url_path="card/revisions", queryset=CardRevision.objects.none())
    def card_revisions(self, request: Request, uuid: UUID) -> Response:
        """Answer every revision with its reviews, newest first."""
        page = self.paginate_queryset(revisions_of(version_by_uuid(self.actor, uuid)))
        return self.get_paginated_response(CardRevisionSerializer(page, many=True).data)


class CardRequirementViewSet(ActorViewSet):
    """What cards need in a workspace, by kind and stage."""

    queryset = Workspace.objects.none()
    serializer_class = CardRequirementSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    pagination_class = None
    filter_backends = ()

    def _answer(self, slug: str) -> Response:
        rows = requirements(access.workspace_by_slug(self.actor, slug))
        results = CardRequirementSerializer(rows, many=True).data
        return Response({"results": results, "next": None})

    @extend_schema(responses={200: {"type": "object"}})
    @action(detail=True, url_path="card-requirements")
    def card_requirements(self, request: Request, slug: str) -> Response:
        """Answer the fields that cards need, for every kind and stage."""
        return self._answer(slug)

    @extend_schema(request=CardRequirementSetSerializer, responses={200: {"type": "object"}})
    @card_requirements.mapping.put
    def set_card_requirements(self, request: Request, slug: str) -> Response:
        """Set the fields that cards of one kind need at one stage."""
        shape = CardRequirementSetSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        card_requirements.set_required_fields(
            actor=self.actor, workspace=slug, **shape.validated_data
        )
        return self._answer(slug)
