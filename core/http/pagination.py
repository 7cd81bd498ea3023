"""Lists answer ``{"results": [...], "next": ...}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

from core.errors import InvalidInput

if TYPE_CHECKING:
    from django.db.models import Field, QuerySet
    from rest_framework.pagination import Cursor
    from rest_framework.request import Request
    from rest_framework.views import APIView


class CursorPages(CursorPagination):
    """Keyset pages, newest first: stable while rows are added, constant cost at any depth."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering: str | list[str] | tuple[str, ...] = "-id"
    _position: Field[Any, Any] | None = None

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> tuple[str, ...]:
        """Return the ordering, and remember the field that a cursor's position is a value of."""
        ordering = super().get_ordering(request, queryset, view)
        name = ordering[0].lstrip("-")
        columns = {field.name: field for field in queryset.model._meta.concrete_fields}
        self._position = columns.get(name)
        return ordering

    def get_page_size(self, request: Request) -> int | None:
        """Return how many rows a page has: ``limit`` if given, at most 200."""
        text = request.query_params.get("limit")
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
            raise InvalidInput.of("limit", "must be a whole number from 1 to 200")
        return min(int(text), self.max_page_size)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the decoded cursor; raises InvalidInput for one that this list did not give."""
        try:
            cursor = super().decode_cursor(request)
            if cursor is not None and cursor.position is not None and self._position is not None:
                self._position.to_python(cursor.position)
        except (NotFound, ValidationError) as error:
            raise InvalidInput.of("cursor", "is not one that this list gave out") from error
        return cursor

    def get_paginated_response(self, data: Any) -> Response:
        """Return one page and the address of the next, or null at the end."""
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the OpenAPI form of a page."""
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": ["string", "null"], "format": "uri"},
            },
        }
