"""Where the schemas of our facets are published.

OpenLineage asks for an immutable, versioned URL. A published file is never changed: a facet that
changes gets a further file with the next SchemaVer version (MODEL-REVISION-ADDITION).
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

VERSION = "1-0-0"
PUBLISHED = (
    ("MunimentAliasDatasetFacet", VERSION),
    ("MunimentApprovalRunFacet", VERSION),
    ("MunimentAssetVersionDatasetFacet", VERSION),
    ("MunimentDeploymentRunFacet", VERSION),
    ("MunimentExperimentRunFacet", VERSION),
    ("MunimentLinkInputDatasetFacet", VERSION),
    ("MunimentMetricsOutputDatasetFacet", VERSION),
    ("MunimentPromotionRunFacet", VERSION),
    ("MunimentScanRunFacet", VERSION),
    ("MunimentServingRunFacet", VERSION),
)


def schema_url(base_url: str, facet: str, version: str) -> str:
    """Return the address of a facet's schema."""
    return f"{base_url}/api/lineage/schemas/{facet}/{version}.json"


@cache
def schema_of(facet: str, version: str) -> dict[str, Any]:
    """Return the schema of a facet; raises KeyError for one that was never published."""
    if (facet, version) not in PUBLISHED:
        raise KeyError(facet, version)
    file = resources.files("lineage.mapping") / f"schemas/{facet}.{version}.json"
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema
