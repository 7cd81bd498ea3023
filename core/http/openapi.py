"""How the API is described: what pages are, and what every operation may answer instead."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.serializers import JSONField

from core.http.problems import CONTENT_TYPE, TYPE_PREFIX

PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": f"What kind of problem: {TYPE_PREFIX}…"},
        "title": {"type": "string"},
        "status": {"type": "integer", "description": "The status of the answer."},
        "detail": {"type": "string", "description": "What is wrong here, and what to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}


class OperationSchema(AutoSchema):
    """Describes operations; a view whose ``list`` answers one document says ``lists_whole``."""

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Tell whether the answer is a page of what the operation names."""
        view: Any = self.view
        if getattr(view, "lists_whole", False) and view.action == "list":
            return False
        return bool(super()._is_list_view(serializer))

    def _get_serializer_field_meta(self, field: Any, direction: str) -> dict[str, Any]:
        """Describe a field that stands for a row which may be missing as one that may be null.

        What may be any JSON may be null anyway.
        """
        meta: dict[str, Any] = super()._get_serializer_field_meta(field, direction)  # type: ignore[no-untyped-call]  # half typed
        if direction == "response" and field.default is None:
            meta["nullable"] = True
        if isinstance(field, JSONField):
            meta.pop("nullable", None)
        return meta


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the problem document that each operation answers where it does not succeed."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    answer = {
        "description": "A problem; docs/concepts.md lists the kinds and their statuses.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", answer)
    return result
