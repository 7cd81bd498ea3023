"""Evidence packs over HTTP."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.packs import PackCreateSerializer, PackSerializer
from audits.models import EvidencePack
from audits.queries import packs
from audits.services.packs.request import request as request_pack
from core.http import problems, ranges
from core.http.views import ActorViewSet
from registry.queries.blobs import store_at_hand

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request

RANGE = OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="a single byte range")
ZIP = "application/zip"


class PackFilter(filters.FilterSet):
    """Filters of packs."""

    scan = filters.UUIDFilter(field_name="scan__uuid")
    workspace = filters.CharFilter(field_name="workspaces__slug")
    framework = filters.CharFilter()

    class Meta:
        model = EvidencePack
        fields: tuple[str, ...] = ()


class PackViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Evidence packs on workspaces all of which the caller may scan, newest first."""

    queryset = EvidencePack.objects.none()
    serializer_class = PackSerializer
    filterset_class = PackFilter

    def get_queryset(self) -> QuerySet[EvidencePack]:
        return packs.visible_packs(self.actor)

    def get_object(self) -> EvidencePack:
        return packs.pack_by_uuid(self.actor, self.kwargs["uuid"])

    @extend_schema(request=PackCreateSerializer, responses={202: PackSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a pack; it is made in the background once its scan is complete."""
        shape = PackCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        asked = request_pack(actor=self.actor, asked=shape.asked())
        return Response(PackSerializer(asked).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        parameters=[RANGE],
        responses={(200, ZIP): OpenApiTypes.BINARY, (206, ZIP): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, filter_backends=(), pagination_class=None)
    def download(self, request: Request, uuid: UUID) -> HttpResponseBase:
        """Answer the bytes of a completed pack, whole or in part; the ETag is their digest."""
        pack, blob = packs.pack_bytes(self.actor, uuid)
        with store_at_hand() as store:
            store.size(blob.key)  # later than now there is no way to tell of a failure
        try:
            response = ranges.respond(
                request,
                lambda start, end: store.read(blob.key, start=start, end=end),
                size=blob.size,
                etag=blob.digest,
                filename=f"evidence-{pack.uuid}.zip",
            )
        except ranges.RangeNotSatisfiable as error:
            return problems.json_response(error)
        response.headers["Content-Type"] = ZIP
        # RFC 9530 section 3: of the whole, also where a part is answered.
        digest = base64.b64encode(bytes.fromhex(blob.digest.removeprefix("sha256:"))).decode()
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
        return response
