"""Policies and sets over HTTP. They belong to the organisation: every account may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.errors import InvalidInput
from core.http.views import ActorViewSet
from policies.api.serializers.policies import (
    PolicyCreateSerializer,
    PolicySerializer,
    PolicySetCreateSerializer,
    PolicySetSerializer,
    PolicySetVersionSerializer,
    PolicyVersionDetailSerializer,
    PolicyVersionSerializer,
)
from policies.api.serializers.trials import TestReportSerializer
from policies.api.views.bundles import BUNDLE, bundle_response
from policies.models import Policy, PolicySet, PolicySetVersion, PolicyVersion
from policies.services import exports, policies, sets, trials

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer


class PolicyFilter(filters.FilterSet):
    """Filters of policies."""

    name = filters.CharFilter()
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = Policy
        fields: tuple[str, ...] = ()


class PolicyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Policies of the organisation."""

    queryset = Policy.objects.all()
    workspace_path = ""
    serializer_class = PolicySerializer
    filterset_class = PolicyFilter

    @extend_schema(request=PolicyCreateSerializer, responses={201: PolicyVersionDetailSerializer})
    def create(self, request: Request) -> Response:
        """Create a version of a policy, with the policy where that is new."""
        shape = PolicyCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        version = policies.create_version(actor=self.actor, **shape.validated_data)
        return Response(PolicyVersionDetailSerializer(version).data, status=status.HTTP_201_CREATED)


class PolicyVersionFilter(filters.FilterSet):
    """Filters of policy versions."""

    policy = filters.CharFilter(field_name="policy__name")
    number = filters.NumberFilter()
    digest = filters.CharFilter()
    is_checked = filters.BooleanFilter(field_name="checked_by", lookup_expr="isnull", exclude=True)

    class Meta:
        model = PolicyVersion
        fields: tuple[str, ...] = ()


class PolicyVersionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Versions of policies, newest first."""

    queryset = PolicyVersion.objects.select_related("policy")
    workspace_path = ""
    filterset_class = PolicyVersionFilter

    def get_queryset(self) -> QuerySet[PolicyVersion]:
        found = PolicyVersion.objects.select_related("policy")
        if self.action == "retrieve":
            return found.prefetch_related("fixtures")
        return found.defer("source", "tests")

    def get_serializer_class(self) -> type[BaseSerializer[PolicyVersion]]:
        if self.action == "retrieve":
            return PolicyVersionDetailSerializer
        return PolicyVersionSerializer

    @extend_schema(request=None, responses=PolicyVersionDetailSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, uuid: UUID) -> Response:
        """Have OPA compile and test a version that was stored unchecked."""
        version = policies.check_version(actor=self.actor, version=uuid)
        return Response(PolicyVersionDetailSerializer(version).data)

    @extend_schema(request=None, responses=TestReportSerializer)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, uuid: UUID) -> Response:
        """Run a version's own tests in OPA, and its fixtures on every engine at hand."""
        report = trials.run_tests(actor=self.actor, version=uuid)
        return Response(TestReportSerializer(report).data)

    @extend_schema(responses=BUNDLE)
    @action(detail=True, pagination_class=None)
    def bundle(self, request: Request, uuid: UUID) -> HttpResponse:
        """Answer a version as an OPA bundle, with its tests and fixtures."""
        contents = exports.policy_contents(uuid)
        policy = contents.policies[0]
        return bundle_response(request, contents, name=f"{policy.name}-{policy.number}")


class PolicySetFilter(filters.FilterSet):
    """Filters of policy sets."""

    name = filters.CharFilter()

    class Meta:
        model = PolicySet
        fields: tuple[str, ...] = ()


class PolicySetViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Policy sets of the organisation."""

    queryset = PolicySet.objects.all()
    workspace_path = ""
    serializer_class = PolicySetSerializer
    filterset_class = PolicySetFilter

    @extend_schema(request=PolicySetCreateSerializer, responses={201: PolicySetVersionSerializer})
    def create(self, request: Request) -> Response:
        """Create a version of a set, with the set where that is new."""
        shape = PolicySetCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        version = sets.create_version(actor=self.actor, **shape.validated_data)
        return Response(PolicySetVersionSerializer(version).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[OpenApiParameter("number", int)], responses=BUNDLE)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def bundle(self, request: Request, uuid: UUID) -> HttpResponse:
        """Answer the newest version of a set, or the one with the number, as an OPA bundle."""
        number = request.query_params.get("number")
        if number is not None and not (number.isascii() and number.isdigit() and len(number) < 10):
            raise InvalidInput.of("number", "must be a whole number from 1")
        contents = exports.set_contents(uuid, int(number) if number else None)
        return bundle_response(request, contents, name=str(contents.policy_set["name"]))

    @extend_schema(responses=PolicySetVersionSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def versions(self, request: Request, uuid: UUID) -> Response:
        """Answer the versions of a set with their members, newest first."""
        found = (
            PolicySetVersion.objects.filter(policy_set=self.get_object())
            .select_related("policy_set")
            .prefetch_related("members__policy_version__policy")
        )
        page = self.paginate_queryset(found)
        return self.get_paginated_response(PolicySetVersionSerializer(page, many=True).data)
