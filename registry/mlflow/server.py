"""What clients ask a server about itself, before they have said who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from registry.mlflow.wire import WireError, failure

if TYPE_CHECKING:
    from django.http import HttpRequest

# The version of MLflow whose protocol this is: clients compare it with their own.
PROTOCOL_VERSION = "3.17.2"
SERVER_INFO = {
    "store_type": "SqlStore",
    "workspaces_enabled": True,
    "trace_archival_enabled": False,
    "multipart_uploads_enabled": False,
    "multipart_downloads_enabled": False,
    "presigned_upload_run_id_supported": False,
    "presigned_upload_model_id_supported": False,
    "features_enabled": {"gateway": False},
}


@require_safe
def version(request: HttpRequest) -> HttpResponse:
    """Answer the version of the protocol, as text."""
    return HttpResponse(PROTOCOL_VERSION, content_type="text/plain; charset=utf-8")


@require_safe
def server_info(request: HttpRequest) -> HttpResponse:
    """Answer what the server can do."""
    return JsonResponse(SERVER_INFO)


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer a route of the protocol that is not served here."""
    message = f"No such route: {request.method} {rest[:200]}"
    return failure(WireError("ENDPOINT_NOT_FOUND", 404, message))
