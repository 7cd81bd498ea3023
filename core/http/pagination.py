"""Lists answer ``{"results": [...], "next": ...}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

if TYPE_CHECKING:
    from collections.abc import Sequence


class CursorPages(CursorPagination):
    """Keyset pages, newest first: stable while rows are added, constant cost at any depth."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering: str | Sequence[str] = "-id"

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
