"""Which run of which experiment, and what it measured."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import RunFacet

from lineage.mapping.facets.base import Published
from lineage.mapping.facets.metrics import EvaluatedMetric


@attr.define(kw_only=True)
class MunimentExperimentRunFacet(Published, RunFacet):
    """A run, with its last metrics; ``truncated`` tells that it had more than are listed."""

    experiment: str | None = None
    experimentName: str | None = None
    name: str | None = None
    status: str
    metrics: list[EvaluatedMetric] | None = None
    truncated: bool | None = None
