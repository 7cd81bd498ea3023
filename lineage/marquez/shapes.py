"""Datasets, jobs and runs in the shapes that Marquez's pages and clients read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from core.canonical import canonical_bytes
from lineage.queries.namespaces import tags_of
from lineage.received import runs
from lineage.received.facets import current
from lineage.received.marks import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from lineage.models import DatasetVersion, Run
    from lineage.queries.datasets import SeenDataset, SourceField
    from lineage.queries.jobs import DatasetName, SeenJob
    from lineage.queries.namespaces import Namespace

Shape = dict[str, Any]
OWNER = "anonymous"  # Marquez's own word: nobody owns a namespace that events made
STREAMS = ("kafka", "kinesis", "pulsar", "pubsub", "eventhub", "nats", "rabbitmq")


def time(value: datetime | None) -> str | None:
    """Return a time as text."""
    return None if value is None else moment(value)


def identity(namespace: str, name: str) -> Shape:
    """Return the id of a dataset or a job."""
    return {"namespace": namespace, "name": name}


def namespace(found: Namespace) -> Shape:
    """Return a namespace."""
    return {
        "name": found.name,
        "createdAt": time(found.created_at),
        "updatedAt": time(found.updated_at),
        "ownerName": OWNER,
        "description": None,
        "isHidden": False,
    }


def source(found: Namespace) -> Shape:
    """Return a source: the namespace of datasets says where they lie."""
    scheme = found.name.partition("://")[0] if "://" in found.name else "default"
    return {
        "type": scheme.upper(),
        "name": found.name,
        "createdAt": time(found.created_at),
        "updatedAt": time(found.updated_at),
        "connectionUrl": found.name,
        "description": None,
    }


def dataset(found: SeenDataset) -> Shape:
    """Return a dataset."""
    facets = found.facets
    return _dataset(found, facets) | {
        "createdAt": time(found.created_at),
        "updatedAt": time(found.updated_at),
        "lastModifiedAt": time(found.modified_at),
        "lastLifecycleState": _text(facets, "lifecycleStateChange", "lifecycleStateChange"),
        "currentVersion": str(found.version) if found.version else None,
        "columnLineage": [_column(name, fields) for name, fields in sorted(found.columns.items())],
        "facets": facets,
        "deleted": found.is_deleted,
    }


def dataset_version(found: SeenDataset, version: DatasetVersion) -> Shape:
    """Return a dataset as a run left it."""
    fields = version.body.get("fields")
    told = _dataset(found, found.facets)
    if isinstance(fields, list):
        told["fields"] = _fields({"schema": {"fields": fields}, "tags": found.facets.get("tags")})
    run_of = version.run
    return told | {
        "id": identity(found.namespace, found.name) | {"version": str(version.uuid)},
        "createdAt": time(version.recorded_at),
        "version": str(version.uuid),
        "externalVersion": version.external_version or None,
        "lifecycleState": version.body.get("lifecycle"),
        "lastModifiedAt": time(version.event_time),
        "createdByRun": run(run_of) if run_of else None,
        "facets": found.facets if version.uuid == found.version else {},
    }


def _dataset(found: SeenDataset, facets: Mapping[str, Any]) -> Shape:
    kind = (_text(facets, "datasetType", "datasetType") or "").upper()
    is_stream = kind in ("TOPIC", "STREAM") or found.namespace.partition(":")[0] in STREAMS
    return {
        "id": identity(found.namespace, found.name),
        "type": "STREAM" if is_stream else "DB_TABLE",
        "name": found.name,
        "physicalName": found.name,
        "namespace": found.namespace,
        "sourceName": found.namespace,
        "fields": _fields(facets),
        "tags": _tags(facets),
        "description": _text(facets, "documentation", "description"),
    }


def _fields(facets: Mapping[str, Any]) -> list[Shape]:
    schema = facets.get("schema")
    listed = schema.get("fields") if isinstance(schema, dict) else None
    return [
        {
            "name": field["name"],
            "type": field.get("type") if isinstance(field.get("type"), str) else None,
            "tags": _tags(facets, field=field["name"]),
            "description": field.get("description"),
        }
        for field in (listed if isinstance(listed, list) else [])
        if isinstance(field, dict) and isinstance(field.get("name"), str)
    ]


def _tags(facets: Mapping[str, Any], *, field: str | None = None) -> list[str]:
    return sorted({key for key, _ in tags_of(dict(facets), field=field)})


def _column(name: str, fields: Sequence[SourceField]) -> Shape:
    sources = [
        {"namespace": item.namespace, "dataset": item.dataset, "field": item.field}
        | transformation(item.transformations)
        for item in fields
    ]
    # Both at the field itself too, where older pages look for them.
    return {"name": name, "inputFields": sources} | transformation(
        fields[0].transformations if fields else ()
    )


def transformation(told: Sequence[Any]) -> Shape:
    """Return what was done to a field on its way into another."""
    first = next((item for item in told if isinstance(item, dict)), {})
    named = [first.get("type"), first.get("subtype")]
    return {
        "transformationDescription": first.get("description"),
        "transformationType": ":".join(item for item in named if isinstance(item, str)) or None,
    }


def job(found: SeenJob) -> Shape:
    """Return a job with its latest runs."""
    row = found.row
    facets = current(row.state)
    latest = [run(item, job_version=job_version_id(found)) for item in found.runs]
    parent = _parent(found)
    return {
        "id": identity(row.namespace, row.name),
        "type": row.type,
        "name": row.name,
        "simpleName": row.name.removeprefix(f"{parent}.") if parent else row.name,
        "parentJobName": parent,
        "parentJobUuid": None,
        "createdAt": time(row.recorded_at),
        "updatedAt": time(row.updated_at),
        "namespace": row.namespace,
        "inputs": _identities(found.inputs),
        "outputs": _identities(found.outputs),
        "location": _text(facets, "sourceCodeLocation", "url"),
        "description": _text(facets, "documentation", "description"),
        "latestRun": latest[0] if latest else None,
        "latestRuns": latest,
        "facets": facets,
        "currentVersion": job_version_id(found)["version"],
        "labels": [],
        "tags": _tags(facets),
    }


def job_version(found: SeenJob) -> Shape:
    """Return the job as it is now, as its one version: the runs tell what differed between them."""
    told = job(found)
    return {
        "id": job_version_id(found),
        "name": told["name"],
        "createdAt": told["createdAt"],
        "version": told["currentVersion"],
        "namespace": told["namespace"],
        "location": told["location"],
        "inputs": told["inputs"],
        "outputs": told["outputs"],
        "latestRun": told["latestRun"],
    }


def job_version_id(found: SeenJob) -> Shape:
    """Return the id of a job as it is now: another one once its datasets or its code change."""
    row = found.row
    parts = [
        row.key,
        _text(current(row.state), "sourceCodeLocation", "url"),
        _identities(found.inputs),
        _identities(found.outputs),
    ]
    version = uuid5(NAMESPACE_URL, canonical_bytes(parts).decode())
    return identity(row.namespace, row.name) | {"version": str(version)}


def _parent(found: SeenJob) -> str | None:
    parent = current(found.runs[0].state).get("parent") if found.runs else None
    named = parent.get("job") if isinstance(parent, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    return name if isinstance(name, str) and name != found.row.name else None


def _identities(names: Iterable[DatasetName]) -> list[Shape]:
    return [identity(item.namespace, item.name) for item in names]


def run(found: Run, *, job_version: Shape | None = None) -> Shape:
    """Return a run."""
    ended, started = found.ended_at, found.started_at
    took = (ended - started).total_seconds() * 1_000 if ended and started else None
    of_job = identity(found.job.namespace, found.job.name) | {"version": None}
    args = {
        "nominal_start_time": time(found.nominal_start),
        "nominal_end_time": time(found.nominal_end),
    }
    return {
        "id": str(found.run_id),
        "createdAt": time(found.recorded_at),
        "updatedAt": time(found.updated_at),
        "nominalStartTime": time(found.nominal_start),
        "nominalEndTime": time(found.nominal_end),
        "state": found.status,
        "startedAt": time(started),
        "endedAt": time(ended),
        "durationMs": None if took is None else max(int(took), 0),
        "args": {key: value for key, value in args.items() if value},
        "jobVersion": job_version or of_job,
        "inputDatasetVersions": _versions(runs.inputs(found.state)),
        "outputDatasetVersions": _versions(runs.outputs(found.state)),
        "facets": current(found.state),
    }


def _versions(named: Mapping[str, Any]) -> list[Shape]:
    return [
        {
            "datasetVersionId": identity(row["namespace"], row["name"])
            | {"version": _text(current(row), "version", "datasetVersion")},
            "facets": current(row, key="own"),
        }
        for _, row in sorted(named.items())
    ]


def _text(facets: Mapping[str, Any], name: str, key: str) -> str | None:
    """Return a text of a facet; a facet may have any form, for senders make mistakes."""
    facet = facets.get(name)
    value = facet.get(key) if isinstance(facet, dict) else None
    return value if isinstance(value, str) else None
