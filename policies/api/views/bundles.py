"""OPA bundles of policies over HTTP: what answers with one, and what takes one in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from core.errors import TooLarge
from core.http.views import ActorViewSet
from policies.api.serializers.bundles import PolicyImportSerializer
from policies.bundles import archive
from policies.bundles.layout import bundle_bytes
from policies.engines.base import sha256_digest
from policies.models import Policy
from policies.services import imports

if TYPE_CHECKING:
    from rest_framework.request import Request

    from policies.bundles.layout import Contents

MEDIA_TYPE = "application/gzip"
BUNDLE = {(200, MEDIA_TYPE): OpenApiTypes.BINARY, 304: None}
# A request waits for the checks of every policy; larger bundles are for the command.
MAX_POLICIES = 25


class ArchiveParser(BaseParser):
    """Hands an archive on as bytes."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return the body; raises TooLarge beyond MUNIMENT_MAX_BODY_BYTES."""
        limit = settings.MAX_BODY_BYTES
        body: bytes = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(f"A bundle has at most {limit} bytes; the command takes larger ones.")
        return body


class PolicyImportViewSet(ActorViewSet):
    """Bundles that are taken in."""

    queryset = Policy.objects.none()
    workspace_path = ""
    serializer_class = PolicyImportSerializer
    parser_classes = [ArchiveParser]

    @extend_schema(
        parameters=[
            OpenApiParameter("dry_run", bool, description="check, and store nothing"),
            OpenApiParameter("reason", str),
        ],
        request={MEDIA_TYPE: OpenApiTypes.BINARY},
        responses={201: PolicyImportSerializer},
    )
    def create(self, request: Request) -> Response:
        """Store the policies, fixtures and set of an OPA bundle: all of it, or nothing."""
        body: Any = request.data
        done = imports.import_bundle(
            actor=self.actor,
            read=lambda: archive.read(body),
            limit=MAX_POLICIES,
            dry_run=request.query_params.get("dry_run", "") == "true",
            reason=request.query_params.get("reason", ""),
        )
        answer = PolicyImportSerializer({"results": done})
        return Response(answer.data, status=status.HTTP_201_CREATED)


def bundle_response(request: Request, contents: Contents, *, name: str) -> HttpResponse:
    """Return the bundle as a file, or 304 to whoever has it."""
    body = bundle_bytes(contents)
    etag = f'"{sha256_digest(body)}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    asked = request.headers.get("If-None-Match", "")
    if etag in {tag.strip().removeprefix("W/") for tag in asked.split(",")}:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name}.tar.gz"'
    return HttpResponse(body, content_type=MEDIA_TYPE, headers=headers)
