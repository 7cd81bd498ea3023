"""Facets of our own: each a class, and beside it the JSON Schema that is published for it."""

from __future__ import annotations

from lineage.mapping.facets.asset_version import MunimentAssetVersionDatasetFacet
from lineage.mapping.facets.link import MunimentLinkInputDatasetFacet
from lineage.mapping.facets.metrics import EvaluatedMetric, MunimentMetricsOutputDatasetFacet
from lineage.mapping.facets.promotion import MunimentPromotionRunFacet, PromotedMember

__all__ = [
    "EvaluatedMetric",
    "MunimentAssetVersionDatasetFacet",
    "MunimentLinkInputDatasetFacet",
    "MunimentMetricsOutputDatasetFacet",
    "MunimentPromotionRunFacet",
    "PromotedMember",
]
