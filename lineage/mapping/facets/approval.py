"""What an approver decided."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import RunFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class MunimentApprovalRunFacet(Published, RunFacet):
    """A decision on a promotion; ``approval`` and ``decidedBy`` are public ids."""

    approval: str
    decision: str
    decidedBy: str
    binding: str
