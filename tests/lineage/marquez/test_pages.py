"""Every request that Marquez's pages make is answered in the shape that they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from tests import factories
from tests.lineage.marquez import page_shapes as shapes
from tests.lineage.marquez.estate import LAKE, RUNS, STORE, read, send
from tests.lineage.received.events import dataset, facet, job_event, run_event
from tests.lineage.steps import tell

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from registry.models import Workspace

pytestmark = pytest.mark.django_db
ORDERS = ("namespaces", STORE, "datasets", "public.orders")
LOAD = ("namespaces", "etl", "jobs", "load")
NODE = f"dataset:{STORE}:public.orders"
FACETS = shapes.shape(runId=shapes.TEXT, facets=shapes.ANY_OBJECT)
REQUESTS: dict[str, tuple[tuple[str, ...], dict[str, Any], shapes.Schema]] = {
    "namespaces": (("namespaces",), {}, shapes.page("namespaces", shapes.NAMESPACE)),
    "datasets": (
        ("namespaces", LAKE, "datasets"),
        {"limit": 25, "offset": 0},
        shapes.page("datasets", shapes.DATASET),
    ),
    "dataset": (ORDERS, {}, shapes.DATASET),
    "versions": (
        (*ORDERS, "versions"),
        {"limit": 25, "offset": 0},
        shapes.page("versions", shapes.DATASET_VERSION),
    ),
    "all jobs": (
        ("jobs",),
        {"limit": 25, "offset": 0, "lastRunStates": "COMPLETED"},
        shapes.page("jobs", shapes.JOB),
    ),
    "jobs": (("namespaces", "etl", "jobs"), {"limit": 25}, shapes.page("jobs", shapes.JOB)),
    "job": (LOAD, {}, shapes.JOB),
    "runs": ((*LOAD, "runs"), {"limit": 100, "offset": 0}, shapes.page("runs", shapes.RUN)),
    "run facets": (("jobs", "runs", RUNS["load"], "facets"), {"type": "run"}, FACETS),
    "job facets": (("jobs", "runs", RUNS["load"], "facets"), {"type": "job"}, FACETS),
    "lineage": (("lineage",), {"nodeId": NODE, "depth": 2}, shapes.LINEAGE),
    "columns": (
        ("column-lineage",),
        {"nodeId": NODE, "depth": 2, "withDownstream": "true"},
        shapes.COLUMN_LINEAGE,
    ),
    "events": (
        ("events", "lineage"),
        {"limit": 20, "before": "", "after": "", "offset": 0, "sortDirection": "desc"},
        shapes.page("events", shapes.EVENT),
    ),
    "search": (
        ("search",),
        {"q": "o", "sort": "UPDATE_AT", "limit": 100, "filter": "JOB"},
        shapes.page("results", shapes.FOUND),
    ),
    "tags": (
        ("tags",),
        {},
        shapes.shape(
            tags=shapes.listed(
                shapes.shape(name=shapes.TEXT, description=shapes.maybe(shapes.TEXT))
            )
        ),
    ),
    "events by hour": (("stats", "lineage-events"), {"period": "DAY"}, shapes.EVENT_COUNTS),
    "jobs by day": (
        ("stats", "jobs"),
        {"period": "WEEK", "timezone": "America/New_York"},
        shapes.COUNTS,
    ),
}


def odd_things(workspace: Workspace) -> None:
    """Whatever has no runs, no facets, no end, or came from the registry itself."""
    new = "0190a1b2-0000-7000-8000-0000000000ee"
    stream = dataset("topic", namespace="kafka://broker", schema=facet(fields=[{"name": "key"}]))
    streaming = {"jobType": facet(processingType="STREAMING", integration="FLINK")}
    send(
        workspace,
        job_event(job="declared", inputs=[dataset("public.orders"), stream]),
        run_event("START", run=new, job="stream", inputs=[stream], job_facets=streaming),
        run_event("START", run=new[:-2] + "ef", at="2026-03-03T00:00:00Z"),
    )
    factories.make_model(workspace, trained_on=[factories.make_dataset(workspace)])
    tell()


def test_answers_have_the_shapes_that_the_pages_read(reader: APIClient, dev: Workspace) -> None:
    odd_things(dev)
    wrong, empty = {}, []
    for asked, (parts, query, schema) in REQUESTS.items():
        answer = read(reader, *parts, **query)
        validator = jsonschema_rs.validator_for(schema, validate_formats=True)
        if errors := [str(error) for error in validator.iter_errors(answer)]:
            wrong[asked] = errors
        if not answer or (isinstance(answer, dict) and not any(answer.values())):
            empty.append(asked)

    assert wrong == {}
    assert empty == []
