"""Experiment results: what an evaluation of a version found, and how it was measured."""

from __future__ import annotations

from registry.kinds.base import Kind
from registry.kinds.links import LinkRole

RESULT = Kind(
    slug="result",
    label="Experiment result",
    plural="results",
    schema_version=1,
    summary="Metrics of a model, prompt or flow on a dataset, with the evaluators that gave them.",
    link_roles=frozenset(
        {
            LinkRole.EVALUATES,
            LinkRole.EVALUATED_ON,
            LinkRole.USES_MODEL,
            LinkRole.USES_PROMPT,
            LinkRole.DERIVED_FROM,
        }
    ),
)
