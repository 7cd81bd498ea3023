"""Namespaces, datasets, jobs and runs in Marquez's shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.lineage.marquez.estate import LAKE, RUNS, STORE, path, read, send
from tests.lineage.received.events import dataset, facet, job_event, run_event

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from registry.models import Workspace

pytestmark = pytest.mark.django_db


def test_namespaces_are_those_of_datasets_and_of_jobs(reader: APIClient) -> None:
    found = read(reader, "namespaces")

    assert [item["name"] for item in found["namespaces"]] == ["etl", STORE, LAKE]
    assert found["totalCount"] == 3
    one = read(reader, "namespaces", LAKE)
    assert one == found["namespaces"][2]
    assert (one["ownerName"], one["description"], one["isHidden"]) == ("anonymous", None, False)
    assert one["createdAt"].endswith("Z")


def test_a_dataset_is_told_with_fields_tags_and_where_they_came_from(reader: APIClient) -> None:
    found = read(reader, "namespaces", STORE, "datasets", "public.orders")

    assert found["id"] == {"namespace": STORE, "name": "public.orders"}
    assert found["type"] == "DB_TABLE"
    assert found["fields"] == [
        {"name": "id", "type": "VARCHAR", "tags": [], "description": None},
        {"name": "total", "type": "VARCHAR", "tags": ["money"], "description": None},
    ]
    assert (found["tags"], found["description"]) == (["pii"], "All orders.")
    (column,) = found["columnLineage"]
    assert column["name"] == "total"
    (source,) = column["inputFields"]
    assert source == {
        "namespace": LAKE,
        "dataset": "raw/orders",
        "field": "amount",
        "transformationDescription": None,
        "transformationType": "DIRECT:AGGREGATION",
    }
    assert found["facets"]["documentation"]["description"] == "All orders."
    assert found["deleted"] is False
    assert str(UUID(found["currentVersion"])) == found["currentVersion"]


def test_datasets_of_a_namespace_come_in_pages(reader: APIClient) -> None:
    first = read(reader, "namespaces", STORE, "datasets", limit=1)
    second = read(reader, "namespaces", STORE, "datasets", limit=1, offset=1)

    assert [item["name"] for item in first["datasets"]] == ["public.orders"]
    assert [item["name"] for item in second["datasets"]] == ["sales"]
    assert first["totalCount"] == second["totalCount"] == 2


def test_versions_of_a_dataset_name_the_runs_that_made_them(reader: APIClient) -> None:
    parts = ("namespaces", STORE, "datasets", "public.orders", "versions")
    found = read(reader, *parts)

    (version,) = found["versions"]
    assert found["totalCount"] == 1
    assert version["createdByRun"]["id"] == RUNS["load"]
    assert version["id"]["version"] == version["version"]
    assert [field["name"] for field in version["fields"]] == ["id", "total"]
    assert read(reader, *parts, version["version"]) == version


def test_a_job_is_told_with_datasets_and_latest_runs(reader: APIClient) -> None:
    found = read(reader, "namespaces", "etl", "jobs", "load")

    assert found["inputs"] == [{"namespace": LAKE, "name": "raw/orders"}]
    assert found["outputs"] == [{"namespace": STORE, "name": "public.orders"}]
    assert (found["type"], found["location"]) == ("BATCH", "https://git.example/load.py")
    run = found["latestRun"]
    assert found["latestRuns"] == [run]
    assert (run["id"], run["state"], run["durationMs"]) == (RUNS["load"], "COMPLETED", 60_000)
    assert run["nominalStartTime"] == "2026-03-01T00:00:00.000000Z"
    assert run["jobVersion"]["version"] == found["currentVersion"]
    versions = read(reader, "namespaces", "etl", "jobs", "load", "versions")["versions"]
    assert [item["version"] for item in versions] == [found["currentVersion"]]


def test_jobs_of_all_namespaces_can_be_asked_for_by_the_state_of_their_latest_run(
    reader: APIClient, dev: Workspace
) -> None:
    again = "0190a1b2-0000-7000-8000-0000000000aa"
    send(dev, run_event(run=again, job="check", at="2026-03-02T13:00:00Z"))

    everything = read(reader, "jobs")
    failed = read(reader, "jobs", lastRunStates="FAILED")
    completed = read(reader, "jobs", lastRunStates="COMPLETED", limit=1)

    assert [job["name"] for job in everything["jobs"]] == ["check", "report", "load", "seed"]
    assert failed == {"jobs": [], "totalCount": 0}
    assert [job["name"] for job in completed["jobs"]] == ["check"]
    assert completed["totalCount"] == 4
    assert len(completed["jobs"][0]["latestRuns"]) == 2


def test_runs_of_a_job_come_newest_first(reader: APIClient, dev: Workspace) -> None:
    again = "0190a1b2-0000-7000-8000-0000000000aa"
    send(dev, run_event("START", run=again, at="2026-03-02T13:00:00Z"))

    found = read(reader, "namespaces", "etl", "jobs", "load", "runs", limit=10)

    assert [run["id"] for run in found["runs"]] == [again, RUNS["load"]]
    assert [run["state"] for run in found["runs"]] == ["RUNNING", "COMPLETED"]
    assert found["totalCount"] == 2
    assert read(reader, "jobs", "runs", RUNS["load"]) == found["runs"][1]


def test_facets_of_a_run_of_its_job_and_of_its_datasets(reader: APIClient) -> None:
    told = {
        kind: read(reader, "jobs", "runs", RUNS["load"], "facets", type=kind)
        for kind in ("run", "job", "dataset")
    }

    assert {found["runId"] for found in told.values()} == {RUNS["load"]}
    assert "nominalTime" in told["run"]["facets"]
    assert "sourceCodeLocation" in told["job"]["facets"]
    assert "columnLineage" in told["dataset"]["facets"]


def test_names_may_hold_every_sign_that_addresses_are_made_of(
    reader: APIClient, dev: Workspace
) -> None:
    hard = "a/datasets/b/jobs/c:9#d e%2F?/versions/x"
    namespace = "file:///mnt//data/jobs/x"
    send(dev, run_event(outputs=[dataset(hard, namespace=namespace)], job="jobs/runs/é"))

    assert read(reader, "namespaces", namespace, "datasets", hard)["name"] == hard
    assert read(reader, "namespaces", namespace)["name"] == namespace
    assert read(reader, "namespaces", namespace, "datasets")["totalCount"] == 1
    versions = read(reader, "namespaces", namespace, "datasets", hard, "versions")
    assert versions["totalCount"] == 1
    assert read(reader, "namespaces", "etl", "jobs", "jobs/runs/é", "runs")["totalCount"] == 1
    assert read(reader, "lineage", nodeId=f"dataset:{namespace}:{hard}")["graph"]


def test_a_slash_at_the_end_is_no_other_address(reader: APIClient) -> None:
    assert reader.get(f"{path('search')}/?q=orders").status_code == 200
    assert reader.get(f"{path('namespaces', STORE, 'datasets')}/").json()["totalCount"] == 2


def test_facets_of_any_form_do_no_harm(reader: APIClient, dev: Workspace) -> None:
    odd: dict[str, Any] = {
        "schema": facet(fields="x"),
        "tags": facet(tags=[1, {"key": 2}]),
        "documentation": facet(),
    }
    send(
        dev,
        run_event(outputs=[dataset("odd", **odd)], job="odd", run_facets={"parent": facet(job=3)}),
        job_event(job="declared", inputs=[dataset("odd")]),
    )

    found = read(reader, "namespaces", STORE, "datasets", "odd")

    assert (found["fields"], found["tags"], found["description"]) == ([], [], None)
    assert read(reader, "namespaces", "etl", "jobs", "odd")["parentJobName"] is None
    declared = read(reader, "namespaces", "etl", "jobs", "declared")
    assert (declared["latestRun"], declared["latestRuns"]) == (None, [])
    assert declared["inputs"] == [{"namespace": STORE, "name": "odd"}]


def test_a_dataset_that_was_dropped_says_so(reader: APIClient, dev: Workspace) -> None:
    dropped = dataset("sales", lifecycleStateChange=facet(lifecycleStateChange="DROP"))
    send(dev, run_event(at="2026-04-01T00:00:00Z", job="clean", outputs=[dropped]))

    found = read(reader, "namespaces", STORE, "datasets", "sales")

    assert (found["deleted"], found["lastLifecycleState"]) == (True, "DROP")
