"""What an input was used for."""

from __future__ import annotations

import attr
from openlineage.client.facet_v2 import InputDatasetFacet

from lineage.mapping.facets.base import Published


@attr.define(kw_only=True)
class MunimentLinkInputDatasetFacet(Published, InputDatasetFacet):
    """The roles that an input has for the output, as ``trained_on`` or ``uses_prompt``."""

    roles: list[str]
