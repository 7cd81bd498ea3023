"""Which policy scan, of which moment, and how it ended."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import RunFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class MunimentScanRunFacet(Published, RunFacet):
    """A scan; ``digest`` covers every result in the workspace, ``counts`` are over their states."""

    scan: str
    asOf: str
    digest: str
    counts: dict[str, int]
    truncated: bool | None = None
