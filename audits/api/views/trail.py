"""The trail over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from audits import trail
from audits.api.downloads import TRAIL_MEDIA_TYPES
from audits.api.serializers.log import InclusionProofSerializer, InclusionQuerySerializer
from audits.api.serializers.trail import (
    TrailDetailSerializer,
    TrailEntrySerializer,
    TrailExportSerializer,
    TrailQuerySerializer,
)
from audits.queries.trail_windows import ordering, windows
from audits.services import exports
from core.http.negotiation import FormatIsAParameter
from core.http.pagination import CursorPages
from core.http.views import ActorViewSet
from core.models import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.views import APIView


class TrailPages(CursorPages):
    """Pages in the order of the index that the entries are read from."""

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> tuple[str, ...]:
        """Return the ordering; a cursor's position is an id in either case."""
        super().get_ordering(request, queryset, view)
        return (f"-{ordering(queryset)}",)

    def before(self, request: Request, queryset: QuerySet[Any], view: APIView) -> int | None:
        """Return the id behind which the page begins, None for the first one."""
        self.get_ordering(request, queryset, view)
        cursor = self.decode_cursor(request)
        return int(cursor.position) if cursor is not None and cursor.position else None


class TrailViewSet(mixins.RetrieveModelMixin, ActorViewSet):
    """Journal entries of the workspaces whose trail the caller may read, newest first."""

    queryset = JournalEntry.objects.none()
    serializer_class = TrailEntrySerializer
    filter_backends = ()
    pagination_class = TrailPages

    def get_queryset(self) -> QuerySet[JournalEntry]:
        shape = TrailQuerySerializer(data=self.request.query_params)
        shape.is_valid(raise_exception=True)
        return trail.entries(self.actor, trail.TrailQuery(**shape.validated_data))

    @extend_schema(parameters=[TrailQuerySerializer])
    def list(self, request: Request) -> Response:
        """Answer one page of entries."""
        page = trail.describe(self._page(self.get_queryset()))
        return self.get_paginated_response(TrailEntrySerializer(page, many=True).data)

    def _page(self, found: QuerySet[JournalEntry]) -> Sequence[JournalEntry]:
        pages, page = self.paginator, list[JournalEntry]()
        assert isinstance(pages, TrailPages)
        for part in windows(found, before=pages.before(self.request, found, self)):
            page = list(self.paginate_queryset(part) or ())
            if pages.has_next:
                break
        return page

    def get_object(self) -> trail.TrailDetail:
        return trail.entry(self.actor, self.kwargs["uuid"])

    def get_serializer_class(self) -> type[TrailEntrySerializer]:
        return TrailDetailSerializer if self.action == "retrieve" else TrailEntrySerializer

    @extend_schema(parameters=[InclusionQuerySerializer], responses=InclusionProofSerializer)
    @action(detail=True, pagination_class=None)
    def proof(self, request: Request, uuid: UUID) -> Response:
        """Answer the proof that the entry is in the transparency log; 409 for some seconds."""
        shape = InclusionQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        found = trail.proof(self.actor, uuid, size=shape.validated_data.get("size"))
        return Response(InclusionProofSerializer(found).data)

    @extend_schema(
        parameters=[TrailExportSerializer],
        responses={
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, "application/x-ndjson"): OpenApiTypes.BINARY,
        },
    )
    @action(detail=False, content_negotiation_class=FormatIsAParameter, pagination_class=None)
    def export(self, request: Request) -> StreamingHttpResponse:
        """Stream every entry that the filters leave, oldest first; the export is journalled."""
        shape = TrailExportSerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        wanted = dict(shape.validated_data)
        name = wanted.pop("format")
        chunks = exports.export_trail(
            actor=self.actor, file_format=name, query=trail.TrailQuery(**wanted)
        )
        return StreamingHttpResponse(
            chunks,
            content_type=TRAIL_MEDIA_TYPES[name],
            headers={
                "Content-Disposition": f'attachment; filename="trail.{name}"',
                "Cache-Control": "no-store",
            },
        )
