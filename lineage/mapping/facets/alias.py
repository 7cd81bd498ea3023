"""What an alias points at."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import DatasetFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class MunimentAliasDatasetFacet(Published, DatasetFacet):
    """``alias`` of the asset points at ``ref``, at none without; before it pointed at
    ``previousRef``."""

    alias: str
    ref: str | None = None
    previousRef: str | None = None
    promotion: str | None = None
