"""Uploads, the artifacts of versions, and scans over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from core.http import problems, ranges
from core.http.views import ActorViewSet
from registry.api.serializers.artifacts import (
    ScanRequestedSerializer,
    ScanSummarySerializer,
    StoredArtifactSerializer,
    UploadCreateSerializer,
    UploadSerializer,
)
from registry.models import Upload, VersionArtifact
from registry.queries.artifacts import artifacts_of, stored_content
from registry.queries.blobs import own_upload, own_uploads, store_at_hand
from registry.queries.scans import newest_scans, verdict_of
from registry.queries.versions import version_by_uuid
from registry.services import scans, uploads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request

CHUNK = 1024 * 1024
RANGE = OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="a single byte range")


class LengthRequired(problems.HttpError):
    """Without it, a body that was cut off would look like a whole one."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.LENGTH_REQUIRED, "Send the Content-Length of the bytes.")


class AnyBytes(BaseParser):
    """Stands for a body of whatever type, which the view reads itself, piece by piece."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Never asked: the view does not touch ``request.data``."""
        raise NotImplementedError


class UploadFilter(filters.FilterSet):
    """Filters of uploads."""

    workspace = filters.CharFilter(field_name="workspace__slug")

    class Meta:
        model = Upload
        fields: tuple[str, ...] = ()


class UploadViewSet(mixins.ListModelMixin, ActorViewSet):
    """The caller's uploads."""

    queryset = Upload.objects.none()
    serializer_class = UploadSerializer
    filterset_class = UploadFilter

    def get_queryset(self) -> QuerySet[Upload]:
        return own_uploads(self.actor)

    @extend_schema(request=UploadCreateSerializer, responses={201: UploadSerializer})
    def create(self, request: Request) -> Response:
        """Begin an upload into a workspace; its bytes follow by PUT."""
        shape = UploadCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        begun = uploads.begin(actor=self.actor, **shape.validated_data)
        return Response(UploadSerializer(begun).data, status=status.HTTP_201_CREATED)

    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer one upload."""
        return Response(UploadSerializer(own_upload(self.actor, uuid)).data)

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY}, responses=UploadSerializer
    )
    @action(detail=True, methods=["put"], parser_classes=[AnyBytes])
    def content(self, request: Request, uuid: UUID) -> Response:
        """Take the bytes: all of them in one request, whatever their media type."""
        length = request.headers.get("Content-Length")
        if not length:
            raise LengthRequired
        stored = uploads.receive(
            actor=self.actor, upload=uuid, chunks=_chunks(request), length=int(length)
        )
        return Response(UploadSerializer(stored).data)


def _chunks(request: Request) -> Iterator[bytes]:
    """Yield the body as it comes in; a connection that breaks ends it early."""
    stream = request.stream
    while stream is not None and (chunk := _read(stream)):
        yield chunk


def _read(stream: Any) -> bytes:
    try:
        data: bytes = stream.read(CHUNK)
    except OSError:
        return b""
    return data


class ArtifactViewSet(ActorViewSet):
    """The artifacts of one version: what they are, what is in them, and the bytes."""

    queryset = VersionArtifact.objects.none()
    serializer_class = StoredArtifactSerializer

    @extend_schema(responses=StoredArtifactSerializer(many=True))
    @action(detail=True, filter_backends=[])
    def artifacts(self, request: Request, uuid: UUID) -> Response:
        """Answer the artifacts of a version, the last of its list first."""
        page: list[VersionArtifact] = self.paginate_queryset(artifacts_of(self.actor, uuid)) or []
        places = {artifact.version.asset.workspace_id for artifact in page}
        newest = newest_scans(places, {artifact.digest for artifact in page})
        context = {"scans": {digest: scan for (_, digest), scan in newest.items()}}
        shown = StoredArtifactSerializer(page, many=True, context=context)
        return self.get_paginated_response(shown.data)

    @extend_schema(
        parameters=[RANGE, OpenApiParameter("path", str, OpenApiParameter.PATH)],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            (206, "application/octet-stream"): OpenApiTypes.BINARY,
        },
    )
    @action(detail=True, url_path="artifacts/<path:path>/content", pagination_class=None)
    def content(self, request: Request, uuid: UUID, path: str) -> HttpResponseBase:
        """Answer the bytes of a stored artifact, or a range of them; the ETag is their digest."""
        artifact, blob = stored_content(self.actor, uuid, path)
        with store_at_hand() as store:
            store.size(blob.key)  # later than now there is no way to tell of a failure
        try:
            return ranges.respond(
                request,
                lambda start, end: store.read(blob.key, start=start, end=end),
                size=blob.size,
                etag=blob.digest,
                filename=artifact.path.rpartition("/")[2],
            )
        except ranges.RangeNotSatisfiable as error:
            refusal = problems.json_response(error)
            refusal.headers["Content-Range"] = f"bytes */{blob.size}"
            return refusal

    @extend_schema(responses=ScanSummarySerializer)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def scans(self, request: Request, uuid: UUID) -> Response:
        """Answer the worst verdict over the version's artifacts."""
        summary = verdict_of(version_by_uuid(self.actor, uuid))
        return Response(ScanSummarySerializer(summary).data)

    @extend_schema(request=None, responses={202: ScanRequestedSerializer})
    @scans.mapping.post
    def scan_again(self, request: Request, uuid: UUID) -> Response:
        """Ask for a new look at the version's stored artifacts."""
        task = scans.request_scan(actor=self.actor, version=uuid)
        return Response(ScanRequestedSerializer(task).data, status=status.HTTP_202_ACCEPTED)
