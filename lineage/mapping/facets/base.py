"""What our facets share."""

from __future__ import annotations

from typing import Self

from lineage.mapping.published import VERSION, schema_url


class Published:
    """Base of our facets; they name their schema by an address of the installation."""

    _schemaURL: str

    def published_at(self, base_url: str) -> Self:
        """Return the facet, naming its schema at ``base_url``, the installation's own address."""
        name = type(self).__name__
        self._schemaURL = f"{schema_url(base_url, name, VERSION)}#/$defs/{name}"
        return self
