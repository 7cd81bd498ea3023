"""Attestations over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http import problems, ranges
from core.http.views import ActorViewSet
from policies.api.serializers.assignments import ReasonSerializer
from policies.api.serializers.attestations import (
    AttestationCreateSerializer,
    AttestationSerializer,
)
from policies.models import Attestation
from policies.queries.attested import stored_evidence, visible_attestations
from policies.services import attestations
from policies.services.evidence import Evidence
from registry.queries.blobs import store_at_hand

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request

ABOUT = ("assignment", "workspace", "reference_id", "resource", "asset")


class AttestationFilter(filters.FilterSet):
    """Filters of attestations."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    assignment = filters.UUIDFilter(field_name="assignment__uuid")
    reference_id = filters.CharFilter()
    state = filters.ChoiceFilter(choices=Attestation.State.choices)
    in_force = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = Attestation
        fields: tuple[str, ...] = ()


class AttestationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Attestations in the caller's workspaces, newest first."""

    queryset = Attestation.objects.none()
    serializer_class = AttestationSerializer
    filterset_class = AttestationFilter

    def get_queryset(self) -> QuerySet[Attestation]:
        return visible_attestations(self.actor)

    @extend_schema(request=AttestationCreateSerializer, responses={201: AttestationSerializer})
    def create(self, request: Request) -> Response:
        """Say whether a manual rule is kept; an earlier attestation about the very same ends."""
        shape = AttestationCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        about = attestations.About(**{name: given.pop(name) for name in ABOUT})
        evidence = [Evidence(**each) for each in given.pop("evidence")]
        made = attestations.attest(
            actor=self.actor,
            about=about,
            statement=attestations.Statement(**given),
            evidence=evidence,
        )
        return Response(AttestationSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonSerializer, responses=AttestationSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: UUID) -> Response:
        """End an attestation before its time."""
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        ended = attestations.end(actor=self.actor, attestation=uuid, **shape.validated_data)
        return Response(AttestationSerializer(ended).data)

    @extend_schema(
        parameters=[OpenApiParameter("evidence", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(
        detail=True,
        url_path="evidence/<uuid:evidence>/content",
        pagination_class=None,
        filter_backends=[],
    )
    def content(self, request: Request, uuid: UUID, evidence: UUID) -> HttpResponseBase:
        """Answer the bytes of a stored piece of evidence; the ETag is their digest."""
        found = stored_evidence(self.get_object(), evidence)
        blob = found.blob
        assert blob is not None  # stored_evidence() refuses what lies elsewhere
        with store_at_hand() as store:
            store.size(blob.key)  # later than now there is no way to tell of a failure
        try:
            return ranges.respond(
                request,
                lambda start, end: store.read(blob.key, start=start, end=end),
                size=blob.size,
                etag=blob.digest,
                filename=found.title,
            )
        except ranges.RangeNotSatisfiable as error:
            return problems.json_response(error)
