"""Retention, holds and erasure over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.retention import (
    ErasureCreateSerializer,
    ErasureSerializer,
    HoldPlaceSerializer,
    HoldReleaseSerializer,
    HoldSerializer,
    RetentionRecordSerializer,
    RetentionRuleEndSerializer,
    RetentionRuleSetSerializer,
    RetentionRunCreateSerializer,
    RetentionRunSerializer,
    RetentionSerializer,
)
from audits.models import Erasure, Hold, RetentionRule, RetentionRun
from audits.queries import holds as hold_rows
from audits.queries import retention as rules
from audits.services import erasure, holds, retention
from core.http.views import ActorViewSet
from registry import access

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


def shown(standing: dict[str, RetentionRule], record: rules.Record) -> dict[str, Any]:
    """Return a kind of record with the rule that holds for it."""
    rule = standing.get(record.name)
    return {
        "record": record.name,
        "title": record.title,
        "about": record.why,
        "least_days": record.least,
        "days": rule.days if rule else None,
        "since": rule.valid_from if rule else None,
        "set_by": rule.set_by.username if rule else None,
        "reason": rule.reason if rule else None,
    }


class RetentionViewSet(ActorViewSet):
    """How long each kind of record is kept; what is not named here is kept for good."""

    queryset = RetentionRule.objects.none()
    serializer_class = RetentionSerializer
    filter_backends = ()
    pagination_class = None
    lists_whole = True

    @extend_schema(responses=RetentionSerializer)
    def list(self, request: Request) -> Response:
        """Answer every kind of record with its rule."""
        standing = rules.standing_rules()
        found = [shown(standing, record) for record in rules.RECORDS.values()]
        return Response(RetentionSerializer({"records": found}).data)

    @extend_schema(request=RetentionRuleSetSerializer, responses={201: RetentionRecordSerializer})
    def create(self, request: Request) -> Response:
        """Set a rule, in place of the one that held."""
        shape = RetentionRuleSetSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        rule = retention.set_rule(actor=self.actor, **shape.validated_data)
        told = shown({rule.record: rule}, rules.RECORDS[rule.record])
        return Response(RetentionRecordSerializer(told).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RetentionRuleEndSerializer, responses={204: None})
    @action(detail=False, methods=["post"])
    def end(self, request: Request) -> Response:
        """End a rule: these records stay."""
        shape = RetentionRuleEndSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        retention.end_rule(actor=self.actor, **shape.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RetentionRunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """When the rules were applied or counted, newest first; administrators see it."""

    queryset = RetentionRun.objects.none()
    serializer_class = RetentionRunSerializer
    filter_backends = ()
    workspace_path = ""

    def get_queryset(self) -> QuerySet[RetentionRun]:
        return rules.visible_runs(self.actor)

    def get_object(self) -> RetentionRun:
        return rules.run_by_uuid(self.actor, self.kwargs["uuid"])

    @extend_schema(request=RetentionRunCreateSerializer, responses={202: RetentionRunSerializer})
    def create(self, request: Request) -> Response:
        """Have the rules applied in the background, or only counted."""
        shape = RetentionRunCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        run = retention.request(actor=self.actor, **shape.validated_data)
        return Response(RetentionRunSerializer(run).data, status=status.HTTP_202_ACCEPTED)


class HoldViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Holds in workspaces whose trail the caller may read, newest first."""

    queryset = Hold.objects.none()
    serializer_class = HoldSerializer
    filter_backends = ()
    workspace_path = ""

    def get_queryset(self) -> QuerySet[Hold]:
        return hold_rows.visible_holds(self.actor)

    def get_object(self) -> Hold:
        return hold_rows.hold_by_uuid(self.actor, self.kwargs["uuid"])

    @extend_schema(request=HoldPlaceSerializer, responses={201: HoldSerializer})
    def create(self, request: Request) -> Response:
        """Place a hold: nothing within its scope is let go until it is released."""
        shape = HoldPlaceSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        hold = holds.place(actor=self.actor, **shape.validated_data)
        return Response(HoldSerializer(hold).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=HoldReleaseSerializer, responses=HoldSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, uuid: UUID) -> Response:
        """Release a hold that somebody else placed."""
        shape = HoldReleaseSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        hold = holds.release(actor=self.actor, hold=uuid, **shape.validated_data)
        return Response(HoldSerializer(hold).data)


class ErasureViewSet(mixins.ListModelMixin, ActorViewSet):
    """Which accounts' persons were erased, newest first; administrators see it."""

    queryset = Erasure.objects.none()
    serializer_class = ErasureSerializer
    filter_backends = ()
    workspace_path = ""

    def get_queryset(self) -> QuerySet[Erasure]:
        rows = Erasure.objects.select_related("account", "erased_by")
        return rows if access.administers_organisation(self.actor) else rows.none()

    @extend_schema(request=ErasureCreateSerializer, responses={201: ErasureSerializer})
    def create(self, request: Request) -> Response:
        """Erase the person behind an account, and close it; 409 while a hold covers them."""
        shape = ErasureCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        done = erasure.erase(actor=self.actor, **shape.validated_data)
        return Response(ErasureSerializer(done).data, status=status.HTTP_201_CREATED)
