"""Facets of our own: each a class, and beside it the JSON Schema that is published for it."""

from __future__ import annotations

from lineage.mapping.facets.alias import MunimentAliasDatasetFacet
from lineage.mapping.facets.approval import MunimentApprovalRunFacet
from lineage.mapping.facets.asset_version import MunimentAssetVersionDatasetFacet
from lineage.mapping.facets.deployment import MunimentDeploymentRunFacet, ServedMember
from lineage.mapping.facets.experiment import MunimentExperimentRunFacet
from lineage.mapping.facets.link import MunimentLinkInputDatasetFacet
from lineage.mapping.facets.metrics import EvaluatedMetric, MunimentMetricsOutputDatasetFacet
from lineage.mapping.facets.promotion import MunimentPromotionRunFacet, PromotedMember
from lineage.mapping.facets.scan import MunimentScanRunFacet
from lineage.mapping.facets.serving import MunimentServingRunFacet, ServingCost

__all__ = [
    "EvaluatedMetric",
    "MunimentAliasDatasetFacet",
    "MunimentApprovalRunFacet",
    "MunimentAssetVersionDatasetFacet",
    "MunimentDeploymentRunFacet",
    "MunimentExperimentRunFacet",
    "MunimentLinkInputDatasetFacet",
    "MunimentMetricsOutputDatasetFacet",
    "MunimentPromotionRunFacet",
    "MunimentScanRunFacet",
    "MunimentServingRunFacet",
    "PromotedMember",
    "ServedMember",
    "ServingCost",
]
