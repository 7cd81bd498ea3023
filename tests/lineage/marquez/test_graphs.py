"""The graphs that Marquez's pages draw."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from lineage.models import DatasetVersion, Job
from lineage.queries import pipelines
from tests.lineage.marquez.estate import LAKE, RUNS, STORE, graph, orders, read, send, short
from tests.lineage.received.events import columns, dataset, dataset_event, facet, run_event

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from registry.models import Workspace

pytestmark = pytest.mark.django_db
ORDERS = f"dataset:{STORE}:public.orders"
WHOLE = {"seed", "raw/orders", "load", "public.orders", "report", "sales", "check"}


def drawn(nodes: dict[str, Any]) -> set[tuple[str, str]]:
    """The edges of a graph; fails where one is not known at both its ends."""
    out = {(e["origin"], e["destination"]) for node in nodes.values() for e in node["outEdges"]}
    into = {(e["origin"], e["destination"]) for node in nodes.values() for e in node["inEdges"]}
    assert out == into
    assert {end for edge in out for end in edge} <= nodes.keys()
    return {(start.rpartition(":")[2], end.rpartition(":")[2]) for start, end in out}


def test_jobs_stand_between_the_datasets_that_they_read_and_write(reader: APIClient) -> None:
    found = graph(reader, ORDERS)

    assert short(found) == WHOLE
    assert drawn(found) == {
        ("seed", "raw/orders"),
        ("raw/orders", "load"),
        ("load", "public.orders"),
        ("public.orders", "report"),
        ("report", "sales"),
        ("public.orders", "check"),
    }
    assert {node["type"] for node in found.values()} == {"JOB", "DATASET"}
    job = found["job:etl:load"]["data"]
    assert job["id"] == {"namespace": "etl", "name": "load"}
    assert job["latestRun"]["id"] == RUNS["load"]
    assert found[ORDERS]["data"]["fields"][1]["name"] == "total"


@pytest.mark.parametrize(
    ("node", "depth", "met"),
    [
        (ORDERS, 0, {"public.orders"}),
        (ORDERS, 1, WHOLE - {"seed"}),
        ("job:etl:load", 0, {"raw/orders", "load", "public.orders"}),
        ("job:etl:report", 1, WHOLE - {"seed", "check"}),
        (f"run:{RUNS['check']}", 20, WHOLE - {"report", "sales"}),
        (f"dataset:{LAKE}:raw/orders", 1, {"seed", "raw/orders", "load", "public.orders"}),
    ],
)
def test_depth_counts_jobs_and_siblings_are_left_out(
    reader: APIClient, node: str, depth: int, met: set[str]
) -> None:
    assert short(graph(reader, node, depth=depth)) == met


def test_the_same_graph_is_answered_where_events_are_sent_to(reader: APIClient) -> None:
    here = reader.get("/api/v1/lineage", {"nodeId": ORDERS, "depth": "2"})

    assert here.json() == read(reader, "lineage", nodeId=ORDERS, depth=2)
    assert reader.get("/api/v1/lineage", {"nodeId": "table:x"}).status_code == 400


def test_a_circle_ends(reader: APIClient, dev: Workspace) -> None:
    back = "0190a1b2-0000-7000-8000-0000000000bb"
    send(dev, run_event(run=back, job="back", inputs=[dataset("sales")], outputs=[orders()]))

    assert short(graph(reader, ORDERS)) == WHOLE | {"back"}


def test_a_dataset_event_leads_from_dataset_to_dataset(reader: APIClient, dev: Workspace) -> None:
    told = columns("total", ("sales", "total"))
    send(dev, dataset_event("derived", columnLineage=told))

    found = graph(reader, f"dataset:{STORE}:derived")

    assert ("sales", "derived") in drawn(found)
    assert {"report", "load", "seed"} <= short(found)


def test_a_job_that_is_gone_joins_nothing(reader: APIClient) -> None:
    Job.objects.filter(name="load").update(deleted_at="2026-03-02T00:00:00Z")

    assert short(graph(reader, ORDERS)) == WHOLE - {"seed", "raw/orders", "load"}


def test_a_graph_that_is_too_large_is_cut_and_says_so(
    reader: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipelines, "MAX_NODES", 4)

    answer = read(reader, "lineage", nodeId=ORDERS)

    assert answer["truncated"] is True
    assert len(answer["graph"]) == 4
    drawn({node["id"]: node for node in answer["graph"]})


def test_columns_lead_to_what_they_were_made_from(reader: APIClient) -> None:
    node = f"datasetField:{STORE}:public.orders:total"
    source = f"datasetField:{LAKE}:raw/orders:amount"

    found = graph(reader, node, at="column-lineage")

    assert found.keys() == {node, source}
    data = found[node]["data"]
    assert (data["field"], data["fieldType"], data["dataset"]) == (
        "total",
        "VARCHAR",
        "public.orders",
    )
    (made_from,) = data["inputFields"]
    assert (made_from["field"], made_from["transformationType"]) == (
        "amount",
        "DIRECT:AGGREGATION",
    )
    # Both as Marquez has them: see the comment in graphs.
    assert found[node]["inEdges"] == [{"origin": node, "destination": source}]
    assert found[source]["outEdges"] == [{"origin": source, "destination": node}]


def test_columns_of_a_dataset_and_of_a_job_and_downstream_where_asked(reader: APIClient) -> None:
    raw = f"dataset:{LAKE}:raw/orders"

    assert short(graph(reader, "job:etl:load", at="column-lineage")) == {"total", "amount"}
    assert short(graph(reader, ORDERS, at="column-lineage", depth=0)) == {"total"}
    assert short(graph(reader, raw, at="column-lineage")) == {"amount"}
    below = graph(reader, raw, at="column-lineage", withDownstream="true")
    assert short(below) == {"amount", "total"}


def test_columns_as_a_version_had_them(reader: APIClient, dev: Workspace) -> None:
    version = DatasetVersion.objects.get(run__run_id=RUNS["load"]).uuid
    told = copy.deepcopy(columns("total", ("other", "price")))
    again = "0190a1b2-0000-7000-8000-0000000000aa"
    later = orders(columnLineage=told, documentation=facet(description="x"))
    send(dev, run_event(run=again, at="2026-03-02T00:00:00Z", outputs=[later]))

    now = graph(reader, ORDERS, at="column-lineage")
    then = graph(reader, f"{ORDERS}#{version}", at="column-lineage")

    assert short(now) == {"total", "amount", "price"}
    assert short(then) == {"total", "amount"}
