"""Answers where no view of ours speaks: problem documents for programs, pages for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views import defaults

from core.errors import NotFound
from core.http.problems import HttpError, json_response

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from core.errors import DomainError

PAGES = "/admin/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself found suspicious."""
    if request.path.startswith(PAGES):
        return defaults.bad_request(request, exception)
    return json_response(HttpError(HTTPStatus.BAD_REQUEST, "The request is not acceptable."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a view that raised Django's own PermissionDenied."""
    if request.path.startswith(PAGES):
        return defaults.permission_denied(request, exception)
    return json_response(HttpError(HTTPStatus.FORBIDDEN, "You lack the right for this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that is no address, as a missing object is answered."""
    if request.path.startswith(PAGES):
        return defaults.page_not_found(request, exception)
    return json_response(NotFound())


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer an expected failure that a view did not answer itself."""
    if not request.path.startswith(PAGES):
        return json_response(error)
    if isinstance(error, NotFound):
        return defaults.page_not_found(request, error)
    return render(request, "problem.html", {"error": error}, status=error.status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unexpected exception; the log has it, and the request id finds it there."""
    if request.path.startswith(PAGES):
        return defaults.server_error(request)
    detail = "The server failed unexpectedly; its log tells more."
    return json_response(HttpError(HTTPStatus.INTERNAL_SERVER_ERROR, detail))
