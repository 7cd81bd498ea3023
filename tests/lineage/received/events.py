"""Events as other systems send them."""

from __future__ import annotations

from typing import Any

PRODUCER = "https://producer.example/1"
SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"
RUN = "0190a1b2-0000-7000-8000-000000000001"
OUTSIDE = "postgres://db:5432"


def facet(**body: Any) -> dict[str, Any]:
    """Return a facet with what every facet must have."""
    return {"_producer": PRODUCER, "_schemaURL": "https://producer.example/F.json", **body}


def dataset(name: str, *, namespace: str = OUTSIDE, **facets: Any) -> dict[str, Any]:
    return {"namespace": namespace, "name": name, "facets": facets}


def schema_facet(*columns: str) -> dict[str, Any]:
    return facet(fields=[{"name": column, "type": "VARCHAR"} for column in columns])


def columns(target_field: str, *sources: tuple[str, str]) -> dict[str, Any]:
    """Return column lineage of one field: from (dataset, field) each."""
    fields = [
        {
            "namespace": OUTSIDE,
            "name": name,
            "field": field,
            "transformations": [{"type": "DIRECT"}],
        }
        for name, field in sources
    ]
    return facet(fields={target_field: {"inputFields": fields}})


def run_event(
    kind: str = "COMPLETE",
    *,
    at: str = "2026-03-01T10:00:00Z",
    run: str = RUN,
    job: str = "load",
    inputs: Any = (),
    outputs: Any = (),
    run_facets: Any = None,
    job_facets: Any = None,
) -> dict[str, Any]:
    return {
        "eventType": kind,
        "eventTime": at,
        "producer": PRODUCER,
        "schemaURL": f"{SCHEMA}RunEvent",
        "run": {"runId": run, "facets": run_facets or {}},
        "job": {"namespace": "etl", "name": job, "facets": job_facets or {}},
        "inputs": list(inputs),
        "outputs": list(outputs),
    }


def job_event(
    *, at: str = "2026-03-01T10:00:00Z", job: str = "load", inputs: Any = (), outputs: Any = ()
) -> dict[str, Any]:
    event = run_event(at=at, job=job, inputs=inputs, outputs=outputs)
    del event["run"], event["eventType"]
    return event | {"schemaURL": f"{SCHEMA}JobEvent"}


def dataset_event(name: str, *, at: str = "2026-03-01T10:00:00Z", **facets: Any) -> dict[str, Any]:
    return {
        "eventTime": at,
        "producer": PRODUCER,
        "schemaURL": f"{SCHEMA}DatasetEvent",
        "dataset": dataset(name, **facets),
    }
