"""Everybody reads what the workspaces that they may see told, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from core.models import JournalEntry
from tests import factories
from tests.lineage.marquez.estate import (
    LAKE,
    RUNS,
    STORE,
    graph,
    orders,
    path,
    read,
    send,
    short,
)
from tests.lineage.received.events import columns, dataset, facet, run_event

if TYPE_CHECKING:
    from registry.models import Workspace

pytestmark = pytest.mark.django_db
FOREIGN = [
    ("namespaces", LAKE),
    ("namespaces", STORE, "datasets"),
    ("namespaces", STORE, "datasets", "public.orders"),
    ("namespaces", STORE, "datasets", "public.orders", "versions"),
    ("namespaces", "etl", "jobs"),
    ("namespaces", "etl", "jobs", "load"),
    ("namespaces", "etl", "jobs", "load", "runs"),
    ("jobs", "runs", RUNS["load"]),
    ("jobs", "runs", RUNS["load"], "facets"),
    ("sources", LAKE),
    ("stats", "nothing"),
    ("nothing",),
]
GRAPHS = [
    ("lineage", f"dataset:{STORE}:public.orders"),
    ("lineage", "job:etl:load"),
    ("lineage", f"run:{RUNS['load']}"),
    ("column-lineage", f"datasetField:{STORE}:public.orders:total"),
]


@pytest.fixture
def outsider(reader: APIClient) -> APIClient:
    return factories.token_client(factories.member(factories.make_workspace(), "admin"))


def test_what_is_foreign_is_answered_like_what_is_missing(outsider: APIClient) -> None:
    answered = {parts: outsider.get(path(*parts)).status_code for parts in FOREIGN}
    drawn = {node: outsider.get(path(at), {"nodeId": node}).status_code for at, node in GRAPHS}

    assert set(answered.values()) == set(drawn.values()) == {404}, (answered, drawn)


def test_lists_of_an_outsider_are_empty(outsider: APIClient) -> None:
    assert read(outsider, "namespaces")["namespaces"] == []
    assert read(outsider, "jobs") == {"jobs": [], "totalCount": 0}
    assert read(outsider, "events", "lineage") == {"events": [], "totalCount": 0}
    assert read(outsider, "search", q="o") == {"results": [], "totalCount": 0}
    assert (read(outsider, "tags"), read(outsider, "sources")["totalCount"]) == ({"tags": []}, 0)
    assert {item["count"] for item in read(outsider, "stats", "jobs")} == {0}


def test_a_look_at_what_is_foreign_is_journalled(outsider: APIClient) -> None:
    outsider.get(path("namespaces", "etl", "jobs", "load"))

    assert JournalEntry.objects.filter(action="core.access.denied").count() == 1


def test_nobody_reads_without_a_token(reader: APIClient) -> None:
    for parts in (*FOREIGN, ("namespaces",), ("lineage",)):
        assert APIClient().get(path(*parts)).status_code == 401


CHANGES = [
    ("put", ("namespaces", "etl")),
    ("put", ("sources", "s3")),
    ("put", ("namespaces", "etl", "jobs", "load")),
    ("delete", ("namespaces", STORE, "datasets", "public.orders")),
    ("post", ("namespaces", STORE, "datasets", "public.orders", "tags", "pii")),
    ("post", ("jobs", "runs", RUNS["load"], "complete")),
    ("put", ("tags", "pii")),
    ("post", ("lineage",)),
]


def test_changes_are_refused_and_the_way_to_change_is_told(reader: APIClient) -> None:
    for method, parts in CHANGES:
        answer = getattr(reader, method)(path(*parts), {})

        assert answer.status_code == 405, parts
        assert "POST /api/v1/lineage" in answer.json()["detail"]
        assert "GET" in answer.headers["Allow"]


def test_two_workspaces_that_tell_of_one_name_are_read_as_one(
    reader: APIClient, dev: Workspace, prod: Workspace
) -> None:
    again = "0190a1b2-0000-7000-8000-0000000000dd"
    told = orders(documentation=facet(description="Newer."))
    other = dataset("rates")
    send(prod, run_event(run=again, at="2026-05-01T00:00:00Z", inputs=[other], outputs=[told]))
    both = factories.member(dev, "reader")
    factories.grant(both, prod, "reader")
    client = factories.token_client(both)

    found = read(client, "namespaces", STORE, "datasets", "public.orders")
    job = read(client, "namespaces", "etl", "jobs", "load")

    assert (found["description"], found["tags"]) == ("Newer.", ["pii"])
    assert read(client, "namespaces", "etl", "jobs")["totalCount"] == 4
    assert {item["name"] for item in job["inputs"]} == {"raw/orders", "rates"}
    assert [run["id"] for run in job["latestRuns"]] == [again, RUNS["load"]]
    assert read(client, "namespaces", "etl", "jobs", "load", "runs")["totalCount"] == 2
    assert "rates" in short(graph(client, "dataset:postgres://db:5432:sales"))
    # Who sees one of them sees nothing of what the other told.
    alone = read(reader, "namespaces", STORE, "datasets", "public.orders")
    assert alone["description"] == "All orders."
    assert "rates" not in short(graph(reader, f"dataset:{STORE}:sales"))
    assert reader.get(path("jobs", "runs", again)).status_code == 404


def test_a_foreign_asset_is_not_named_to_those_who_see_only_a_sender(
    reader: APIClient, dev: Workspace, prod: Workspace
) -> None:
    factories.make_model(prod, name="secret")
    sender = factories.member(dev, "author")
    factories.grant(sender, prod, "reader")
    named = dataset("prod/model/secret", namespace="muniment://localhost")
    told = columns("x", ("public.orders", "total"))
    target = dataset("target", columnLineage=told)
    send_as(sender, dev, run_event(job="use", inputs=[named, orders()], outputs=[target]))

    found = graph(reader, f"dataset:{STORE}:target")

    assert "prod/model/secret" not in short(found)
    assert "public.orders" in short(found)
    job = read(reader, "namespaces", "etl", "jobs", "use")
    assert [item["name"] for item in job["inputs"]] == ["public.orders"]
    assert reader.get(path("namespaces", "muniment://localhost")).status_code == 404


def send_as(actor: object, workspace: Workspace, event: dict[str, object]) -> None:
    client = factories.token_client(actor)  # type: ignore[arg-type]
    address = f"/api/v1/lineage?workspace={workspace.slug}"
    assert client.post(address, event, format="json").status_code == 201


LISTS = [
    ("namespaces",),
    ("namespaces", STORE, "datasets"),
    ("namespaces", STORE, "datasets", "public.orders"),
    ("namespaces", STORE, "datasets", "public.orders", "versions"),
    ("namespaces", "etl", "jobs"),
    ("namespaces", "etl", "jobs", "load", "runs"),
    ("jobs",),
    ("events", "lineage"),
    ("tags",),
    ("stats", "jobs"),
]


def test_every_page_costs_as_many_queries_at_ten_things_as_at_a_hundred(
    reader: APIClient, dev: Workspace
) -> None:
    fill(dev, 10)
    read(reader, "namespaces")  # the first use of a token is recorded
    few = {parts: cost(reader, *parts) for parts in LISTS}
    found = {node: cost(reader, "lineage", nodeId=node) for _, node in GRAPHS[:1]}
    fill(dev, 100)

    assert {parts: cost(reader, *parts) for parts in LISTS} == few
    assert {node: cost(reader, "lineage", nodeId=node) for node in found} == found
    assert max(few.values()) <= 12


def cost(client: APIClient, *parts: str, **query: str) -> int:
    """Queries of a read, but those that derive access: outside of tests, which run in a
    transaction, a process asks for it once."""
    with CaptureQueriesContext(connection) as queries:
        read(client, *parts, **query)
    asked = [query["sql"] for query in queries.captured_queries]
    return sum("objectpermission" not in sql and "registry_grant" not in sql for sql in asked)


def fill(workspace: Workspace, count: int) -> None:
    told = []
    for number in range(count):
        run = f"0190a1b2-0000-7000-9000-{count:04d}{number:08d}"
        name = f"{count}-{number}"
        told.append(
            run_event(run=run, job=f"job-{name}", inputs=[orders()], outputs=[dataset(name)])
        )
        told.append(run_event(run=f"{run[:-12]}{number:012d}", at="2026-01-01T00:00:00Z"))
    send(workspace, *told)
