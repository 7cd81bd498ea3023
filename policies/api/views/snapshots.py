"""Snapshots of configured resources over HTTP: one by one, and documents of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.errors import InvalidInput, NotFound
from core.http.negotiation import FormatIsAParameter
from core.http.parsers import LimitedParser
from core.http.views import ActorViewSet
from policies.api.serializers.resources import (
    SnapshotCreateSerializer,
    SnapshotDetailSerializer,
    SnapshotSerializer,
)
from policies.api.serializers.submissions import (
    AgainstSerializer,
    ConfigurationUploadSerializer,
    DocumentFormSerializer,
    SnapshotDifferenceSerializer,
    SubmissionSerializer,
)
from policies.models import Snapshot
from policies.queries.snapshots import difference, snapshot_by_uuid, visible_snapshots
from policies.services import resources, submissions

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.serializers import BaseSerializer

ADDRESS = ("source", "type", "external_id")


class SnapshotFilter(filters.FilterSet):
    """Filters of snapshots."""

    workspace = filters.CharFilter(field_name="resource__workspace__slug")
    resource = filters.UUIDFilter(field_name="resource__uuid")
    type = filters.CharFilter(field_name="resource__type", lookup_expr="iexact")
    provenance = filters.CharFilter()
    digest = filters.CharFilter()

    class Meta:
        model = Snapshot
        fields: tuple[str, ...] = ()


class WholeBody(LimitedParser):
    """Takes a body of any type as the bytes that it is."""

    media_type = "*/*"

    def decode(self, raw: bytes) -> dict[str, Any]:
        """Return the bytes where a form would have its file."""
        return {"file": raw}


class SnapshotViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """What was told about resources, newest first."""

    queryset = Snapshot.objects.none()
    workspace_path = "resource__workspace"
    filterset_class = SnapshotFilter

    def get_queryset(self) -> QuerySet[Snapshot]:
        found = visible_snapshots(self.actor)
        return found if self.action == "retrieve" else found.defer("document", "fields")

    def get_serializer_class(self) -> type[BaseSerializer[Snapshot]]:
        return SnapshotDetailSerializer if self.action == "retrieve" else SnapshotSerializer

    @extend_schema(request=SnapshotCreateSerializer, responses={201: SnapshotSerializer})
    def create(self, request: Request) -> Response:
        """Submit what is known about a resource."""
        shape = SnapshotCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        form = given.pop("format")
        if form == "native":
            address = resources.Address(**{name: given.pop(name) for name in ADDRESS})
            snapshot = resources.submit_snapshot(actor=self.actor, address=address, **given)
        else:
            snapshot = submissions.submit_one(
                actor=self.actor,
                workspace=given.pop("workspace"),
                form=form,
                document=given.pop("document"),
                about=submissions.Particulars(**{**given, "provenance": ""}),
            )
        return Response(SnapshotSerializer(snapshot).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[ConfigurationUploadSerializer],
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
            },
            "application/octet-stream": OpenApiTypes.BINARY,
        },
        responses={201: SubmissionSerializer},
    )
    @action(
        detail=False,
        methods=["post"],
        parser_classes=[MultiPartParser, WholeBody],
        content_negotiation_class=FormatIsAParameter,
    )
    def uploads(self, request: Request) -> Response:
        """Submit a document of any form; each resource in it becomes a snapshot."""
        sent: Any = request.data
        told = {name: sent[name] for name in sent}
        file = told.pop("file", b"")
        shape = ConfigurationUploadSerializer(data={**told, **request.query_params.dict()})
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(shape.validated_data)
        body = file if isinstance(file, bytes) else _bytes_of(file)
        submission = submissions.submit_document(
            actor=self.actor,
            workspace=given.pop("workspace"),
            form=given.pop("format"),
            body=body,
            about=submissions.Particulars(**given),
        )
        return Response(SubmissionSerializer(submission).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=DocumentFormSerializer(many=True))
    @action(detail=False, pagination_class=None, filter_backends=())
    def formats(self, request: Request) -> Response:
        """Answer the forms of documents that are taken."""
        return Response(DocumentFormSerializer(submissions.forms(), many=True).data)

    @extend_schema(parameters=[AgainstSerializer], responses=SnapshotDifferenceSerializer)
    @action(detail=True)
    def diff(self, request: Request, uuid: UUID) -> Response:
        """Answer what changed since another snapshot of the resource, by default the one before."""
        shape = AgainstSerializer(data=request.query_params.dict())
        shape.is_valid(raise_exception=True)
        found = difference(self.actor, uuid, **shape.validated_data)
        return Response(SnapshotDifferenceSerializer(found).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path="source")
    def source_document(self, request: Request, uuid: UUID) -> HttpResponse:
        """Answer the document that the snapshot came in, as it is kept; 404 where there is none."""
        source = snapshot_by_uuid(self.actor, uuid).source_document
        if source is None:
            raise NotFound
        ending = "json" if source.media_type.endswith("json") else "yaml"
        return HttpResponse(
            bytes(source.body),
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{uuid}.{ending}"',
                "X-Content-Type-Options": "nosniff",
            },
        )


def _bytes_of(file: Any) -> bytes:
    """Return the bytes of an uploaded file; raises InvalidInput for a field that is none."""
    if not hasattr(file, "read"):
        raise InvalidInput.of("file", "must be a file")
    read: bytes = file.read()
    return read
