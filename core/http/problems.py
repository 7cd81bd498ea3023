"""Domain errors as RFC 9457 problem documents, mapped here once for every door."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core import errors
from core.denials import record_denial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:muniment:problem:"


def document(error: errors.DomainError) -> dict[str, Any]:
    """Return the problem document of a domain error."""
    problem: dict[str, Any] = {
        "type": TYPE_PREFIX + error.slug,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    if error.errors:
        problem["errors"] = [{"field": e.field, "reason": e.reason} for e in error.errors]
    return problem | error.extra


def json_response(error: errors.DomainError) -> JsonResponse:
    """Return a plain Django response, for what fails outside of REST framework's views."""
    return JsonResponse(document(error), status=error.status, content_type=CONTENT_TYPE)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER: any expected failure becomes a problem document.

    Unexpected exceptions return None and so propagate to Django's own 500 handling.
    """
    error = _as_domain_error(exc)
    if error is None:
        return None
    set_rollback()
    if error.denial is not None:  # only then: reading ``auth`` of a failed login fails again
        actor: Actor | None = getattr(context.get("request"), "auth", None)
        record_denial(error, actor=actor)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else {}
    if isinstance(exc, exceptions.MethodNotAllowed) and (view := context.get("view")):
        headers["Allow"] = ", ".join(view.allowed_methods)
    return Response(
        document(error), status=error.status, headers=headers, content_type=CONTENT_TYPE
    )


class HttpError(errors.DomainError):
    """A failure of the protocol itself, with the status that REST framework gave it."""

    slug = "http"

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.title = HTTPStatus(status).phrase


def _as_domain_error(exc: Exception) -> errors.DomainError | None:
    match exc:
        case errors.DomainError():
            return exc
        case Http404() | exceptions.NotFound():
            return errors.NotFound()
        case DjangoPermissionDenied() | exceptions.PermissionDenied():
            return HttpError(HTTPStatus.FORBIDDEN, "You lack the right for this.")
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return errors.AuthenticationRequired(str(exc.detail))
        case exceptions.ValidationError():
            return shape_error(exc)
        case exceptions.ParseError():
            return errors.InvalidInput(str(exc.detail))
        case exceptions.APIException():
            return HttpError(exc.status_code, str(exc.detail))
    return None


def shape_error(exc: exceptions.ValidationError) -> errors.InvalidInput:
    """Return what a serializer found wrong, each with its path, as a domain error."""
    found = [errors.FieldError(*item) for item in _flatten(exc.detail, "")]
    summary = "; ".join(f"{item.field}: {item.reason}" for item in found[:3])
    return errors.InvalidInput(summary, errors=found)


def _flatten(detail: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield (field path, reason) for each leaf of REST framework's nested error detail."""
    if isinstance(detail, dict):
        for key, member in detail.items():
            yield from _flatten(member, _deeper(path, key))
    elif isinstance(detail, list):
        for index, member in enumerate(detail):
            nested = isinstance(member, dict | list)
            yield from _flatten(member, _deeper(path, index) if nested else path)
    else:
        yield path or "body", str(detail)


def _deeper(path: str, key: object) -> str:
    if key == "non_field_errors":
        return path
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)
