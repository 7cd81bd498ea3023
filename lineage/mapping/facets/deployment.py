"""Which revision of a deployment serves, and what it is made of."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import RunFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class ServedMember:
    """A version that serves, and its share of the traffic in percent."""

    ref: str
    traffic: int


@attr.define(kw_only=True)
class MunimentDeploymentRunFacet(Published, RunFacet):
    """A revision of a deployment; all but its number and state is told at its start."""

    deployment: str
    revision: int
    state: str
    endpoint: str | None = None
    configurationDigest: str | None = None
    equalsRevision: int | None = None
    members: list[ServedMember] | None = None
