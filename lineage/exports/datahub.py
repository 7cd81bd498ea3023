"""DataHub: metadata change proposals, as its file source and its REST endpoint take them.

A version is a dataset of the platform ``muniment``: models, too, for DataHub draws no edge from a
dataset to a model, and our OpenLineage events arrive there as datasets as well. A dataset outside
is called by its own platform and name, as DataHub calls what it reads there itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lineage.exports.picture import Dataset, fitting, properties, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lineage.exports.picture import Edge, Job, Picture, Thing

PLATFORM = "urn:li:dataPlatform:muniment"
ACTOR = "urn:li:corpuser:muniment"
# DataHub's word for the environment of a dataset, by the stage of the workspace.
FABRIC = {"development": "DEV", "staging": "STG", "production": "PROD"}
# What DataHub calls the platforms that are not called as the scheme of a namespace.
PLATFORMS = {
    "gs": "gcs",
    "abfss": "abs",
    "wasbs": "abs",
    "sqlserver": "mssql",
    "awsathena": "athena",
    "unitycatalog": "databricks",
}
OBJECT_STORES = frozenset({"s3", "gs", "abfss", "wasbs"})  # a name there begins with the bucket
SCHEME = re.compile(r"([a-z][a-z0-9-]*)://(.*)\Z")
BARE = ("bigquery", "file")  # namespaces that are a platform without an address
RESERVED = re.compile(r"[,()\u241f]")
MAX_NAME = 400  # a URN has at most 512 bytes


def document(picture: Picture) -> list[dict[str, Any]]:
    """Return the proposals: the platform, then each thing with what it was made from, then jobs."""
    proposals = [_platform()]
    for thing in picture.things:
        proposals += _proposals(picture, thing)
    for job in picture.jobs:
        proposals += _of_job(picture, job)
    return proposals


def urn_of(thing: Thing) -> str:
    """Return the URN of a version or dataset; its name has no character that a URN gives a
    meaning."""
    if isinstance(thing, Dataset):
        platform, name = _named(thing)
        return f"urn:li:dataset:(urn:li:dataPlatform:{platform},{_safe(name)},PROD)"
    return f"urn:li:dataset:({PLATFORM},{thing.path},{FABRIC.get(thing.stage, 'PROD')})"


def _named(dataset: Dataset) -> tuple[str, str]:
    """Return platform and name; what has no platform that an address names is ours."""
    if dataset.namespace in BARE:
        return dataset.namespace, dataset.name
    match = SCHEME.match(dataset.namespace)
    if match is None:
        return "muniment", dataset.path
    scheme, place = match.groups()
    if scheme in OBJECT_STORES:
        name = f"{place.rpartition('@')[0] or place}/{dataset.name.lstrip('/')}"
    else:
        name = dataset.name
    return PLATFORMS.get(scheme, scheme), name


def _safe(text: str) -> str:
    return fitting(RESERVED.sub(lambda match: quote(match[0]), text), MAX_NAME)


def _proposals(picture: Picture, thing: Thing) -> Iterator[dict[str, Any]]:
    urn = urn_of(thing)
    yield _proposal("dataset", urn, "datasetProperties", _properties(thing))
    if not isinstance(thing, Dataset):
        kinds = {"typeNames": [thing.kind.capitalize()]}
        yield _proposal("dataset", urn, "subTypes", kinds)
        yield _proposal("dataset", urn, "status", {"removed": False})
    if sources := picture.into(thing):
        lineage = {"upstreams": [_upstream(source, edge) for source, edge in sources]}
        yield _proposal("dataset", urn, "upstreamLineage", lineage)


def _of_job(picture: Picture, job: Job) -> Iterator[dict[str, Any]]:
    """Yield the proposals of a job; its flow stands for the namespace of jobs."""
    runner = re.sub(r"[^a-z0-9_-]", "-", job.integration.lower()) or "openlineage"
    flow = f"urn:li:dataFlow:({runner},{_safe(job.namespace)},PROD)"
    urn = f"urn:li:dataJob:({flow},{_safe(job.name)})"
    inputs, outputs = (
        sorted({urn_of(picture.known[each]) for each in side}) for side in (job.inputs, job.outputs)
    )
    yield _proposal("dataFlow", flow, "dataFlowInfo", {"name": job.namespace})
    told = {"name": job.name, "type": {"string": "COMMAND"}, "flowUrn": flow}
    yield _proposal("dataJob", urn, "dataJobInfo", told)
    touched = {"inputDatasets": inputs, "outputDatasets": outputs}
    yield _proposal("dataJob", urn, "dataJobInputOutput", touched)


def _platform() -> dict[str, Any]:
    told = {
        "name": "muniment",
        "displayName": "Muniment",
        "type": "OTHERS",
        "datasetNameDelimiter": "/",
    }
    return _proposal("dataPlatform", PLATFORM, "dataPlatformInfo", told)


def _properties(thing: Thing) -> dict[str, Any]:
    qualified = thing.path if isinstance(thing, Dataset) else thing.ref
    return {
        "name": title(thing),
        "qualifiedName": qualified,
        "customProperties": properties(thing),
    }


def _upstream(source: Thing, edge: Edge) -> dict[str, Any]:
    told = {"relation": edge.relation, "run": edge.run, "job": edge.job}
    return {
        "dataset": urn_of(source),
        "type": "COPY" if edge.relation == "promoted" else "TRANSFORMED",
        "auditStamp": {"time": 0, "actor": ACTOR},
        "properties": {key: value for key, value in told.items() if value},
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
