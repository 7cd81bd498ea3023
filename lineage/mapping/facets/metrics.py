"""What was measured on a version."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import OutputDatasetFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class EvaluatedMetric:
    """A number with its name, and the evaluator that gave it."""

    name: str
    value: float
    evaluator: str | None = None


@attr.define(kw_only=True)
class MunimentMetricsOutputDatasetFacet(Published, OutputDatasetFacet):
    """The metrics that were registered with a version."""

    metrics: list[EvaluatedMetric]
