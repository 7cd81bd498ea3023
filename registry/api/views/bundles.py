"""Bundles over HTTP: exports to download, uploads to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http import ranges
from core.http.problems import json_response
from core.http.views import ActorViewSet
from core.models import Task
from registry.api.serializers.bundles import (
    BundleKeySerializer,
    ExportRequestSerializer,
    ImportRequestSerializer,
    TransferSerializer,
)
from registry.api.views.artifacts import RANGE
from registry.api.views.life import checked
from registry.bundles.signing import fingerprint, public_pem
from registry.queries.blobs import store
from registry.queries.transfers import finished_export, own_transfer, own_transfers
from registry.services.bundles import transfers
from registry.services.bundles.keys import signing_key

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request


class BundleViewSet(mixins.ListModelMixin, ActorViewSet):
    """Exports, imports and checks that the caller asked for, newest first."""

    queryset = Task.objects.none()
    serializer_class = TransferSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Task]:
        return own_transfers(self.actor)

    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer how far one is, and what came of it."""
        return Response(TransferSerializer(own_transfer(self.actor, uuid)).data)

    @extend_schema(request=ExportRequestSerializer, responses={202: TransferSerializer})
    @action(detail=False, methods=["post"], url_path="export")
    def export_version(self, request: Request) -> Response:
        """Have the signed bundle of a version with its closure written."""
        given = checked(ExportRequestSerializer, request)
        task = transfers.request_export(actor=self.actor, **given)
        return Response(TransferSerializer(task).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=ImportRequestSerializer, responses={202: TransferSerializer})
    @action(detail=False, methods=["post"], url_path="import")
    def import_upload(self, request: Request) -> Response:
        """Have an uploaded bundle registered in the workspace of its upload, or only checked."""
        given = checked(ImportRequestSerializer, request)
        task = transfers.request_import(actor=self.actor, **given)
        return Response(TransferSerializer(task).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        parameters=[RANGE],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            (206, "application/octet-stream"): OpenApiTypes.BINARY,
        },
    )
    @action(detail=True, pagination_class=None)
    def content(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """Answer the archive that an export made, or a range of it; the ETag is its digest."""
        key, size, digest = finished_export(self.actor, uuid)
        try:
            return ranges.respond(
                request,
                lambda start, end: store().read(key, start=start, end=end),
                size=size,
                etag=digest,
                filename=f"{uuid}.bundle",
            )
        except ranges.RangeNotSatisfiable as error:
            refusal = json_response(error)
            refusal.headers["Content-Range"] = f"bytes */{size}"
            return refusal

    @extend_schema(responses=BundleKeySerializer)
    @action(detail=False, pagination_class=None)
    def key(self, request: Request) -> Response:
        """Answer the key that signs this installation's bundles, for others to trust."""
        pem = public_pem(signing_key())
        answer = {"fingerprint": fingerprint(pem), "pem": pem}
        return Response(BundleKeySerializer(answer).data)
