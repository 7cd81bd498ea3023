"""Exemptions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.assignments import ReasonSerializer
from policies.api.serializers.exemptions import ExemptionCreateSerializer, ExemptionSerializer
from policies.models import Exemption
from policies.queries.exemptions import STATUSES, standing_as, visible_exemptions
from policies.queries.needs import needs_of
from policies.services import exemptions

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

TERMS = ("category", "reason", "expires_at", "owner", "ticket")


class ExemptionFilter(filters.FilterSet):
    """Filters of exemptions."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    assignment = filters.UUIDFilter(field_name="assignment__uuid")
    category = filters.CharFilter()
    status = filters.ChoiceFilter(method="with_status", choices=[(name, name) for name in STATUSES])
    is_granted = filters.BooleanFilter(field_name="approved_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Exemption
        fields: tuple[str, ...] = ()

    def with_status(self, found: QuerySet[Exemption], name: str, value: str) -> QuerySet[Exemption]:
        """Return the exemptions that stand so now."""
        return found.filter(standing_as(value))


class ExemptionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Exemptions in the caller's workspaces."""

    queryset = Exemption.objects.none()
    serializer_class = ExemptionSerializer
    filterset_class = ExemptionFilter

    def get_queryset(self) -> QuerySet[Exemption]:
        return visible_exemptions(self.actor)

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Exemption]:
        """Return the serializer of one exemption or a page, which knows what is still needed."""
        rows = args[0] if kwargs.get("many") else list(args)
        kwargs["context"] = {**self.get_serializer_context(), "needs": needs_of(rows)}
        return ExemptionSerializer(*args, **kwargs)

    def _told(self, exemption: Exemption) -> Any:
        return self.get_serializer(exemption).data

    @extend_schema(request=ExemptionCreateSerializer, responses={201: ExemptionSerializer})
    def create(self, request: Request) -> Response:
        """Ask for an exemption; somebody else grants it."""
        shape = ExemptionCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        terms = {name: given.pop(name) for name in TERMS}
        asked = exemptions.ask(actor=self.actor, scope=exemptions.Scope(**given), **terms)
        return Response(self._told(asked), status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonSerializer, responses=ExemptionSerializer)
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, uuid: UUID) -> Response:
        """Grant an exemption that somebody else asked for."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        granted = exemptions.grant(actor=self.actor, exemption=uuid, **shape.validated_data)
        return Response(self._told(granted))

    @extend_schema(request=ReasonSerializer, responses=ExemptionSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """End an exemption before its time, or turn a request down."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = exemptions.end(actor=self.actor, exemption=uuid, **shape.validated_data)
        return Response(self._told(ended))
