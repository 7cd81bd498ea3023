"""The unmodified marquez-python against a running installation that was sent real events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lineage.marquez.estate import LAKE, RUNS, STORE, path, pipelines
from tests.support.client import Client
from tests.support.marquez import run_client
from tests.support.organisation import Organisation
from tests.support.parts import PartMissing, missing
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.interop]
SESSION = Path(__file__).parent / "marquez_session.py"


def test_the_client_reads_all_that_it_can_read(service: Service) -> None:
    organisation = Organisation.found(service)
    service.start_web()
    author = organisation.client("author")
    for event in pipelines():
        author.post("/api/v1/lineage?workspace=assist-dev", event).expect(201)
    given = {**organisation.tokens, "run": RUNS["load"]}
    try:
        saw = run_client(SESSION, service.base_url, given)
    except PartMissing as error:
        missing(str(error))

    assert saw["nobody"] == "401"
    assert saw["foreign"] == {"namespaces": [], "dataset": "404", "run": "404"}
    assert set(saw["changes"].values()) == {"405"}
    check_catalogue(saw["reads"])
    check_columns(saw["reads"])
    check_graph(organisation.client("reader"))


def check_catalogue(saw: dict[str, Any]) -> None:
    assert [item["name"] for item in saw["namespaces"]["namespaces"]] == ["etl", STORE, LAKE]
    assert saw["namespace"]["name"] == saw["source"]["name"] == LAKE
    assert [item["name"] for item in saw["sources"]["sources"]] == [STORE, LAKE]
    assert saw["datasets"] == {"datasets": [saw["dataset"]], "totalCount": 1}
    assert saw["dataset"]["id"] == {"namespace": LAKE, "name": "raw/orders"}
    assert saw["versions"]["versions"] == [saw["version"]]
    assert saw["version"]["createdByRun"]["id"] == RUNS["load"]
    assert [job["name"] for job in saw["jobs"]["jobs"]] == ["check", "report", "load", "seed"]
    assert [job["name"] for job in saw["page"]["jobs"]] == ["report"]
    assert saw["job"]["inputs"] == [{"namespace": LAKE, "name": "raw/orders"}]
    assert saw["runs"]["runs"] == [saw["run"]]
    assert (saw["run"]["state"], saw["run"]["durationMs"]) == ("COMPLETED", 60_000)
    assert saw["events"]["totalCount"] == len(pipelines())
    assert [event["job"]["name"] for event in saw["events_of"]["events"]] == ["check", "report"]
    assert [tag["name"] for tag in saw["tags"]["tags"]] == ["pii"]


def check_columns(saw: dict[str, Any]) -> None:
    total = f"datasetField:{STORE}:public.orders:total"
    amount = f"datasetField:{LAKE}:raw/orders:amount"
    for name in ("by_dataset", "by_version", "by_field", "by_job"):
        assert [node["id"] for node in saw[name]["graph"]] == [total, amount], name


def check_graph(reader: Client) -> None:
    """The client of this version asks for no graph of jobs; the pages do."""
    node = f"dataset:{LAKE}:raw/orders"
    found = reader.get(path("lineage"), nodeId=node, depth="20").expect(200).json["graph"]
    assert {item["data"]["name"] for item in found} == {
        *("seed", "raw/orders", "load", "public.orders", "report", "sales", "check")
    }
    address = path("namespaces", LAKE, "datasets", "raw/orders", "versions")
    assert reader.get(address).expect(200).json["totalCount"] == 1
