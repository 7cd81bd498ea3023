"""Why and how a version went, or did not go, into another workspace."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import RunFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class PromotedMember:
    """A member of the closure: its source, what stands for it, and whether that was there."""

    source: str
    target: str
    digest: str
    reused: bool


@attr.define(kw_only=True)
class MunimentPromotionRunFacet(Published, RunFacet):
    """A promotion. ``promotion``, ``requestedBy`` and ``approvedBy`` are public ids.

    ``outcome`` is absent while it runs, then completed, refused, withdrawn or expired;
    ``digestMatch`` tells whether every copy has the digest of its source.
    """

    promotion: str
    fromWorkspace: str
    toWorkspace: str
    toStage: str
    requestedBy: str | None = None
    alias: str | None = None
    outcome: str | None = None
    binding: str | None = None
    approvedBy: list[str] | None = None
    members: list[PromotedMember] | None = None
    digestMatch: bool | None = None
    provenanceDigest: str | None = None
