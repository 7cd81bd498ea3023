"""What OPTIONS answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.metadata import BaseMetadata

if TYPE_CHECKING:
    from rest_framework.request import Request


class AllowedMethods(BaseMetadata):
    """The header ``Allow`` tells the methods, /api/schema/ all the rest."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        """Return an empty document: REST framework's own would evaluate forms per caller."""
        return {}
