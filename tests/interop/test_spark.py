"""The stock Spark with OpenLineage's listener joins, counts and writes, and tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import spark
from tests.support.client import Client
from tests.support.organisation import Organisation
from tests.support.parts import PartMissing, missing
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.interop]
SESSION = Path(__file__).parent / "spark_session.py"


def test_what_spark_makes_is_in_the_graph(service: Service, tmp_path: Path) -> None:
    if absent := spark.programs_missing():
        pytest.skip(absent)
    organisation = Organisation.found(service)
    service.start_web()
    given = {
        "url": service.base_url,
        "token": organisation.tokens["author"],
        "workspace": "assist-dev",
        "folder": str(tmp_path),
        "secret": "hunter2-of-the-driver",
    }
    try:
        spark.run_session(SESSION, tmp_path, given)
    except PartMissing as error:
        missing(str(error))
    reader = organisation.client("reader")
    check_jobs(reader, tmp_path)
    check_columns(reader, tmp_path)
    check_ways(organisation, tmp_path)


def check_jobs(reader: Client, folder: Path) -> None:
    """Every query is a job of its own, a child of the application, with what it read and wrote."""
    answer = reader.get("/marquez/api/v1/namespaces/spark/jobs", limit="100").expect(200).json
    jobs = {job["name"]: job for job in answer["jobs"]}
    assert {job["latestRun"]["state"] for job in jobs.values()} == {"COMPLETED"}
    assert {job["parentJobName"] for name, job in jobs.items() if "." in name} == {"tickets"}
    join = jobs["tickets.adaptive_spark_plan.lake_tickets"]
    assert names(join["inputs"], folder) == {"in/customers.csv", "in/tickets.csv"}
    assert names(join["outputs"], folder) == {"lake/tickets"}
    (engine,) = {job["latestRun"]["facets"]["processing_engine"]["name"] for job in jobs.values()}
    assert engine == "spark"
    (properties,) = {
        tuple(job["latestRun"]["facets"]["spark_properties"]["properties"].items())
        for job in jobs.values()
    }
    assert dict(properties) == {"spark.master": "local[1]", "spark.ui.password": "***"}


def names(datasets: list[dict[str, str]], folder: Path) -> set[str]:
    assert {item["namespace"] for item in datasets} <= {"file"}
    return {item["name"].removeprefix(f"{folder}/") for item in datasets}


def check_columns(reader: Client, folder: Path) -> None:
    """What Spark's plans say of columns leads from the last file to the first ones."""
    given = {"namespace": "file", "dataset": f"{folder}/lake/countries", "column": "country"}
    found = reader.get("/api/lineage/columns/", **given).expect(200).json
    ways = {
        (short(edge["from"], folder), short(edge["to"], folder)): {
            item["subtype"] for item in edge["transformations"]
        }
        for edge in found["edges"]
    }
    assert "IDENTITY" in ways["in/customers.csv country", "lake/tickets country"]
    assert "IDENTITY" in ways["lake/tickets country", "lake/countries country"]
    # What decides over all rows goes into every column: the join, the groups.
    assert "JOIN" in ways["in/tickets.csv customer", "lake/tickets country"]


def short(column: list[str], folder: Path) -> str:
    _, dataset, name = column
    return f"{dataset.removeprefix(f'{folder}/')} {name}"


def check_ways(organisation: Organisation, folder: Path) -> None:
    """A version that is registered from where Spark wrote came from what Spark read."""
    body = {
        "workspace": "assist-dev",
        "kind": "dataset",
        "name": "countries",
        "description": "Tickets by country, counted by Spark.",
        "spec": {
            "format": "parquet",
            "license": "CC0-1.0",
            "personal_data": {"contains": False},
            "source": {"description": "by Spark", "uri": f"file://{folder}/lake/countries"},
        },
    }
    organisation.client("author").post("/api/registry/versions/", body).expect(201)
    organisation.service.start_worker()
    wait_until(lambda: upstream(organisation, folder) == UPSTREAM, what="the graph of the version")


UPSTREAM = {"version": 0, "lake/countries": -1, "lake/tickets": -2} | dict.fromkeys(
    ("in/customers.csv", "in/tickets.csv"), -3
)


def upstream(organisation: Organisation, folder: Path) -> dict[str, int]:
    given = {"node": "assist-dev/dataset/countries/1", "direction": "upstream"}
    graph = organisation.client("reader").get("/api/lineage/graph/", **given).expect(200).json
    return {
        "version" if node["ref"] else node["name"].removeprefix(f"{folder}/"): node["level"]
        for node in graph["nodes"]
    }
