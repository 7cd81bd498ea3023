"""The published schemas of our facets."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from core.errors import NotFound
from lineage.mapping.published import schema_of, schema_url


def facet_schema(facet: str, version: str) -> dict[str, Any]:
    """Return the JSON Schema of a facet under its address; raises NotFound for an unknown one."""
    try:
        schema = schema_of(facet, version)
    except KeyError:
        raise NotFound from None
    return {"$id": schema_url(settings.BASE_URL, facet, version), **schema}
