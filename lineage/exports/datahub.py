"""DataHub: metadata change proposals, as its file source and its REST endpoint take them.

A version is a dataset of the platform ``muniment``: models, too, for DataHub draws no edge from a
dataset to a model, and our OpenLineage events arrive there as datasets as well.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lineage.exports.picture import properties

if TYPE_CHECKING:
    from lineage.exports.picture import Edge, Picture, Version

PLATFORM = "urn:li:dataPlatform:muniment"
ACTOR = "urn:li:corpuser:muniment"
# DataHub's word for the environment of a dataset, by the stage of the workspace.
FABRIC = {"development": "DEV", "staging": "STG", "production": "PROD"}


def document(picture: Picture) -> list[dict[str, Any]]:
    """Return the proposals: the platform, then each version with what it was made from."""
    proposals = [_platform()]
    for version in picture.versions:
        urn = urn_of(version)
        proposals += [
            _proposal("dataset", urn, "datasetProperties", _properties(version)),
            _proposal("dataset", urn, "subTypes", {"typeNames": [version.kind.capitalize()]}),
            _proposal("dataset", urn, "status", {"removed": False}),
        ]
        if sources := picture.into(version):
            lineage = {"upstreams": [_upstream(source, edge) for source, edge in sources]}
            proposals.append(_proposal("dataset", urn, "upstreamLineage", lineage))
    return proposals


def urn_of(version: Version) -> str:
    """Return the URN of a version; its name has no character that a URN gives a meaning."""
    return f"urn:li:dataset:({PLATFORM},{version.path},{FABRIC.get(version.stage, 'PROD')})"


def _platform() -> dict[str, Any]:
    told = {
        "name": "muniment",
        "displayName": "Muniment",
        "type": "OTHERS",
        "datasetNameDelimiter": "/",
    }
    return _proposal("dataPlatform", PLATFORM, "dataPlatformInfo", told)


def _properties(version: Version) -> dict[str, Any]:
    return {
        "name": f"{version.name} {version.number}",
        "qualifiedName": version.ref,
        "customProperties": properties(version),
    }


def _upstream(source: Version, edge: Edge) -> dict[str, Any]:
    return {
        "dataset": urn_of(source),
        "type": "COPY" if edge.relation == "promoted" else "TRANSFORMED",
        "auditStamp": {"time": 0, "actor": ACTOR},
        "properties": {"relation": edge.relation, "run": edge.run},
    }


def _proposal(entity: str, urn: str, aspect: str, value: dict[str, Any]) -> dict[str, Any]:
    # The aspect is JSON within JSON: so DataHub keeps aspects that it does not know.
    content = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return {
        "entityType": entity,
        "entityUrn": urn,
        "changeType": "UPSERT",
        "aspectName": aspect,
        "aspect": {"contentType": "application/json", "value": content},
    }
