"""Aliases, their moves and their rules over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.errors import InvalidInput
from core.http.views import ActorViewSet
from registry import access
from registry.api.serializers.aliases import (
    AliasMoveInputSerializer,
    AliasMoveSerializer,
    AliasSerializer,
)
from registry.api.serializers.life import (
    AliasRuleInputSerializer,
    AliasRuleSerializer,
    AliasUndoSerializer,
    MeaningSerializer,
)
from registry.api.views.life import REASON, moment
from registry.models import Alias, AliasMove, AliasRule
from registry.queries.aliases import as_of, visible_alias_rules
from registry.services import alias_rules, aliases
from registry.services.alias_rules import Terms

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class AliasFilter(filters.FilterSet):
    """Filters of aliases and of their moves, which share these columns: hence no model here."""

    workspace = filters.CharFilter(field_name="asset__workspace__slug")
    kind = filters.CharFilter(field_name="asset__kind")
    name = filters.CharFilter(field_name="asset__name")
    alias = filters.CharFilter(field_name="name")


class AliasViewSet(mixins.ListModelMixin, ActorViewSet):
    """Aliases, and their moves."""

    queryset = Alias.objects.none()
    serializer_class = AliasSerializer
    filterset_class = AliasFilter

    def get_queryset(self) -> QuerySet[Any]:
        reach = access.in_reach(self.actor, path="asset__workspace")
        if self.action == "moves":
            related = ("asset__workspace", "from_version", "to_version", "moved_by")
            return AliasMove.objects.filter(reach).select_related(*related)
        return Alias.objects.filter(reach).select_related("asset__workspace", "version")

    @extend_schema(request=AliasMoveInputSerializer, responses={201: AliasMoveSerializer})
    def create(self, request: Request) -> Response:
        """Move an alias by compare-and-set."""
        shape = AliasMoveInputSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        move = aliases.move(actor=self.actor, **shape.validated_data)
        return Response(AliasMoveSerializer(move).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=AliasMoveSerializer(many=True))
    @action(detail=False)
    def moves(self, request: Request) -> Response:
        """Answer the moves, newest first: what an alias meant at any time."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(AliasMoveSerializer(page, many=True).data)

    @extend_schema(request=AliasUndoSerializer, responses={201: AliasMoveSerializer})
    @action(detail=False, methods=["post"])
    def undo(self, request: Request) -> Response:
        """Undo the latest move of an alias, by a new one."""
        shape = AliasUndoSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        move = aliases.undo(actor=self.actor, **shape.validated_data)
        return Response(AliasMoveSerializer(move).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[
            OpenApiParameter("ref", str, required=True),
            OpenApiParameter("at", {"type": "string", "format": "date-time"}, required=True),
        ],
        filters=False,
        responses=MeaningSerializer,
    )
    @action(detail=False, url_path="as-of", pagination_class=None, filter_backends=())
    def as_of(self, request: Request) -> Response:
        """Answer what ``ref`` (workspace/kind/name@alias) meant at a time."""
        ref, at = request.query_params.get("ref", ""), moment(request)
        if not ref:
            raise InvalidInput.of("ref", "is required")
        if at is None:
            raise InvalidInput.of("at", "is required")
        return Response(MeaningSerializer(as_of(self.actor, ref, at)).data)


class AliasRuleFilter(filters.FilterSet):
    """Filters of alias rules."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    open = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = AliasRule
        fields: tuple[str, ...] = ()


class AliasRuleViewSet(mixins.ListModelMixin, ActorViewSet):
    """Who may move which aliases by hand, and onto what; past rules included."""

    queryset = AliasRule.objects.none()
    serializer_class = AliasRuleSerializer
    filterset_class = AliasRuleFilter

    def get_queryset(self) -> QuerySet[AliasRule]:
        return visible_alias_rules(self.actor)

    @extend_schema(request=AliasRuleInputSerializer, responses={201: AliasRuleSerializer})
    def create(self, request: Request) -> Response:
        """Set the rule for aliases of a form."""
        shape = AliasRuleInputSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        chosen = {name: given.pop(name) for name in ("workspace", "pattern", "reason")}
        rule = alias_rules.set_rule(actor=self.actor, terms=Terms(**given), **chosen)
        return Response(AliasRuleSerializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[REASON], responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """End a rule; that it held stays on record."""
        reason = request.query_params.get("reason", "")
        alias_rules.end_rule(actor=self.actor, rule=uuid, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)
