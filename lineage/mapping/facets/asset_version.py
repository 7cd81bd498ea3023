"""Which version of an asset a dataset stands for."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import DatasetFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class MunimentAssetVersionDatasetFacet(Published, DatasetFacet):
    """A version: its full reference, place, number, content digest and public id.

    ``stage`` is the workspace's, where it is known.
    """

    ref: str
    versionId: str
    workspace: str
    kind: str
    asset: str
    version: str
    digest: str
    stage: str | None = None
