"""Datasets: what a model was trained, tuned or evaluated on."""

from __future__ import annotations

from registry.kinds.base import Kind
from registry.kinds.links import LinkRole

DATASET = Kind(
    slug="dataset",
    label="Dataset",
    plural="datasets",
    schema_version=1,
    summary="A body of data with its schema, statistics, origin and terms of use.",
    link_roles=frozenset({LinkRole.DERIVED_FROM}),
)
