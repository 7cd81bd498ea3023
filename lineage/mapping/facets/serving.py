"""What a deployment served."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import RunFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class ServingCost:
    """What it cost, exactly: a decimal as text, and its currency."""

    amount: str
    currency: str


@attr.define(kw_only=True)
class MunimentServingRunFacet(Published, RunFacet):
    """Sums over a batch of windows that one ``source`` counted; ``digest`` covers each of them."""

    endpoint: str
    source: str
    windowStart: str
    windowEnd: str
    windowSeconds: int
    requests: int
    errors: int
    promptTokens: int
    completionTokens: int
    contentSafetyBlocks: int
    costs: list[ServingCost]
    digest: str
