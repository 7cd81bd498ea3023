"""Exports tell of datasets outside and of jobs, joined with our versions."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lineage.exports import atlas, datahub, openmetadata
from lineage.exports.picture import Dataset, Edge, Job, Picture, Version
from lineage.services.exporting import export
from lineage.services.receiving import receive
from registry.models import Workspace
from tests import factories
from tests.lineage.graph.test_outside import located
from tests.lineage.received.events import dataset, facet, run_event
from tests.lineage.steps import tell

EXPORTS = "/api/lineage/exports/"
TICKETS = Version("v", "dev/dataset/t/1", "dev", "dataset", "t", 1, "sha256:aa", "development")
RAW = Dataset("raw", "s3://lake", "raw/tickets (1)")
CLEAN = Dataset("clean", "s3://lake", "clean", also=("hive://h/db.clean",))
ODD = Dataset("odd", "no address", "x")
LOAD = Job("airflow", "dag.load", "AIRFLOW", inputs=("raw",), outputs=("clean",))
LOOK = Job("airflow", "look", inputs=("clean",))
PICTURE = Picture(
    "registry.example",
    (TICKETS,),
    (
        Edge("raw", "clean", "cartesian", "r1", "airflow/dag.load"),
        Edge("clean", "v", "located_at"),
    ),
    (CLEAN, RAW, ODD),
    (LOAD, LOOK),
)


def test_datahub_gets_datasets_by_their_platforms_and_jobs_with_what_they_touch() -> None:
    told = {
        (each["entityUrn"], each["aspectName"]): json.loads(each["aspect"]["value"])
        for each in datahub.document(PICTURE)
    }

    clean = "urn:li:dataset:(urn:li:dataPlatform:s3,lake/clean,PROD)"
    raw = "urn:li:dataset:(urn:li:dataPlatform:s3,lake/raw/tickets %281%29,PROD)"
    tickets = "urn:li:dataset:(urn:li:dataPlatform:muniment,dev/dataset/t/1,DEV)"
    job = "urn:li:dataJob:(urn:li:dataFlow:(airflow,airflow,PROD),dag.load)"
    (upstream,) = told[clean, "upstreamLineage"]["upstreams"]
    assert upstream["dataset"] == raw
    assert upstream["properties"]["job"] == "airflow/dag.load"
    assert told[tickets, "upstreamLineage"]["upstreams"][0]["dataset"] == clean
    assert told[job, "dataJobInputOutput"] == {"inputDatasets": [raw], "outputDatasets": [clean]}
    odd = "urn:li:dataset:(urn:li:dataPlatform:muniment,no address/x,PROD)"
    assert (odd, "datasetProperties") in told


def test_openmetadata_gets_them_in_services_of_their_own() -> None:
    requests = openmetadata.document(PICTURE)["requests"]

    made = {
        (each["path"].removeprefix("/api/v1/"), each["body"]["name"], each["body"].get("service"))
        for each in requests
        if "/lineage/" not in each["path"]
    }
    ours = "muniment_registry_example"
    assert ("containers", "s3://lake/clean", f"{ours}_outside") in made
    assert ("pipelines", "airflow/dag.load", ours) in made
    edges = [each["path"] for each in requests if "/lineage/" in each["path"]]
    assert len(edges) == len(PICTURE.edges) + 3  # what the two jobs touch
    assert sum("/pipeline/name/" in path for path in edges) == 3


def test_atlas_gets_a_process_per_dataset_and_job_and_one_for_a_job_that_only_reads() -> None:
    entities = atlas.document(PICTURE)["entities"]

    processes = {
        each["attributes"]["qualifiedName"]: each["attributes"]
        for each in entities
        if each["typeName"] == "muniment_process"
    }
    assert set(processes) == {
        "s3://lake/clean#airflow/dag.load",
        "muniment://registry.example/dev/dataset/t/1#located_at",
        "muniment://registry.example#airflow/look",
    }
    made = processes["s3://lake/clean#airflow/dag.load"]
    (read,) = made["inputs"]
    assert read["uniqueAttributes"] == {"qualifiedName": "s3://lake/raw/tickets (1)"}
    assert len({each["guid"] for each in entities}) == len(entities)


@pytest.fixture
def estate(dev: Workspace) -> Workspace:
    """A place that a job writes, known by two names, where a version of ours lies."""
    links = facet(identifiers=[{"namespace": "hive://h", "name": "db.t", "type": "TABLE"}])
    written = dataset("tickets", namespace="s3://raw", symlinks=links)
    runner = facet(processingType="BATCH", integration="SPARK", jobType="JOB")
    event = run_event(inputs=[dataset("dump")], outputs=[written], job_facets={"jobType": runner})
    reading = run_event(
        job="look", run="0190a1b2-0000-7000-8000-000000000009", inputs=[dataset("dump")]
    )
    hive = run_event(
        job="report",
        run="0190a1b2-0000-7000-8000-00000000000a",
        inputs=[dataset("db.t", namespace="hive://h")],
        outputs=[dataset("report")],
    )
    receive(factories.member(dev, "author"), "dev", [event, reading, hive])
    factories.make_model(dev, trained_on=[located(dev, "s3://raw/tickets", name="t")], name="llm")
    tell()
    return dev


@pytest.mark.django_db
def test_the_export_of_a_version_has_the_datasets_and_jobs_behind_it(estate: Workspace) -> None:
    reader = factories.token_client(factories.member(estate, "reader"))

    answer = reader.get(f"{EXPORTS}atlas/", {"node": "dev/model/llm/1", "direction": "upstream"})

    assert edges_of(answer.json()) == {
        ("muniment://localhost/dev/dataset/t/1", "muniment://localhost/dev/model/llm/1"),
        ("hive://h/db.t", "muniment://localhost/dev/dataset/t/1"),
        ("postgres://db:5432/dump", "hive://h/db.t"),
    }


@pytest.mark.django_db
def test_the_export_of_a_workspace_has_all_that_it_was_told(estate: Workspace) -> None:
    secret = factories.make_workspace("secret")
    author = factories.member(secret, "author")
    receive(author, "secret", [run_event(outputs=[dataset("of another workspace")])])
    reader = factories.token_client(factories.member(estate, "reader"))

    answer = reader.get(f"{EXPORTS}atlas/", {"workspace": "dev"})
    told = reader.get(f"{EXPORTS}datahub/", {"workspace": "dev"}).json()

    assert answer["Muniment-Partial"] == "false"
    assert edges_of(answer.json()) >= {("hive://h/db.t", "postgres://db:5432/report")}
    assert "another workspace" not in answer.content.decode()
    jobs = {each["entityUrn"] for each in told if each["entityType"] == "dataJob"}
    assert {urn.rpartition(",")[2] for urn in jobs} == {"load)", "look)", "report)"}
    assert "urn:li:dataJob:(urn:li:dataFlow:(spark,etl,PROD),load)" in jobs


@pytest.mark.django_db
def test_a_foreign_workspace_and_two_things_at_once_are_refused(estate: Workspace) -> None:
    outsider = factories.token_client(factories.member(factories.make_workspace("x"), "admin"))

    foreign = outsider.get(f"{EXPORTS}atlas/", {"workspace": "dev"})
    both = outsider.get(f"{EXPORTS}atlas/", {"workspace": "x", "node": "x/model/m/1"})

    assert (foreign.status_code, both.status_code) == (404, 400)


@pytest.mark.django_db
def test_what_is_beyond_the_limit_is_told(estate: Workspace) -> None:
    found = export(factories.administrator(), "atlas", workspace="dev", limit=1)

    assert found.is_partial


@pytest.mark.django_db
def test_the_command_exports_a_workspace(estate: Workspace) -> None:
    admin = factories.administrator()
    assert admin.user is not None
    out = io.StringIO()

    call_command(
        "export_lineage",
        "atlas",
        "--workspace=dev",
        f"--account={admin.user.username}",
        stdout=out,
    )

    answer = factories.token_client(admin).get(f"{EXPORTS}atlas/", {"workspace": "dev"})
    assert json.loads(out.getvalue()) == answer.json()


@pytest.mark.django_db
def test_a_workspace_costs_the_same_number_of_queries_at_any_size(dev: Workspace) -> None:
    author, admin = factories.member(dev, "author"), factories.administrator()

    def cost(count: int) -> int:
        sent = [
            run_event(
                job=f"j{number}",
                run=f"0190a1b2-0000-7000-8000-{number:012}",
                inputs=[dataset(f"a{number}")],
                outputs=[dataset(f"b{number}")],
            )
            for number in range(count)
        ]
        receive(author, "dev", sent)
        with CaptureQueriesContext(connection) as captured:
            export(admin, "datahub", workspace="dev")
        return len(captured)

    cost(1)
    assert cost(3) == cost(60)


def edges_of(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (read["uniqueAttributes"]["qualifiedName"], made["uniqueAttributes"]["qualifiedName"])
        for each in document["entities"]
        if each["typeName"] == "muniment_process"
        for read in each["attributes"]["inputs"]
        for made in each["attributes"]["outputs"]
    }
