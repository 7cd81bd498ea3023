"""The graph across datasets of others: joined by places, by versions, as far as one may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from lineage.models import Dataset
from registry.models import AssetVersion, Workspace
from tests import factories
from tests.lineage.graph import outside
from tests.lineage.received import events
from tests.lineage.steps import tell
from tests.lineage.test_graph import ask

pytestmark = pytest.mark.django_db


def located(workspace: Workspace, uri: str, **options: Any) -> AssetVersion:
    """A dataset version that says where its bytes lie."""
    source = {"description": "exported every night", "uri": uri}
    return factories.make_dataset(
        workspace, spec={**factories.DATASET_SPEC, "source": source}, **options
    )


def told(graph: dict[str, Any]) -> dict[str, int]:
    return {
        node["ref"] or f"{node['namespace']}/{node['name']}": node["level"]
        for node in graph["nodes"]
    }


def test_what_wrote_a_place_before_the_version_was_registered_is_upstream_of_it(
    dev: Workspace,
) -> None:
    raw, tickets = outside.dataset(dev, "dump"), outside.dataset(dev, "tickets.parquet")
    outside.edge(raw, tickets, outside.run(dev, "clean"))
    version = located(dev, "s3a://raw/tickets.parquet", name="tickets")
    model = factories.make_model(dev, trained_on=[version], name="llm")
    late = outside.dataset(dev, "later")
    outside.edge(
        late, tickets, outside.run(dev, "overwrite", at=timezone.now() + timedelta(days=1))
    )
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    graph = ask(client, factories.reference(model), direction="upstream")

    assert told(graph) == {
        "dev/model/llm/1": 0,
        "dev/dataset/tickets/1": -1,
        "s3://raw/tickets.parquet": -2,
        "s3://raw/dump": -3,
    }
    (outer,) = [edge for edge in graph["edges"] if edge["relation"] == "cartesian"]
    assert outer["job"] == "airflow/clean"
    assert outer["run"] is not None


def test_from_a_dataset_outside_it_leads_to_the_versions_registered_from_it_afterwards(
    dev: Workspace,
) -> None:
    raw, tickets = outside.dataset(dev, "dump"), outside.dataset(dev, "tickets.parquet")
    located(dev, "s3://raw/tickets.parquet", name="early")
    outside.edge(raw, tickets, outside.run(dev, "clean"))
    version = located(dev, "s3://raw/tickets.parquet", name="tickets")
    factories.make_model(dev, trained_on=[version], name="llm")
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    graph = ask(client, f"dataset:{raw.uuid}", direction="downstream")

    assert told(graph) == {
        "s3://raw/dump": 0,
        "s3://raw/tickets.parquet": 1,
        "dev/dataset/tickets/1": 2,
        "dev/model/llm/1": 3,
    }


def test_a_job_of_others_that_names_our_versions_is_an_edge_between_them(dev: Workspace) -> None:
    data, model = factories.make_dataset(dev, name="d"), factories.make_model(dev, name="m")
    ours = "muniment://localhost"
    read, made_of = (
        outside.dataset(dev, "d", namespace=ours),
        outside.dataset(dev, "m", namespace=ours),
    )
    run = outside.run(dev, "train")
    outside.edge(read, made_of, run, source_version=data, target_version=model)
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    graph = ask(client, "dev/model/m/1", direction="upstream")

    assert told(graph) == {"dev/model/m/1": 0, "dev/dataset/d/1": -1}
    made = client.get(f"/api/lineage/runs/{run.run_id}/").json()
    assert told(made) == {"dev/model/m/1": 0, "dev/dataset/d/1": -1}


def test_what_another_workspace_told_is_not_seen(dev: Workspace) -> None:
    secret = factories.make_workspace("secret")
    raw, tickets = outside.dataset(secret, "dump"), outside.dataset(secret, "tickets.parquet")
    run = outside.run(secret, "clean")
    outside.edge(raw, tickets, run)
    version = located(dev, "s3://raw/tickets.parquet", name="tickets")
    tell()
    client = factories.token_client(factories.member(dev, "reader"))

    graph = ask(client, factories.reference(version))

    assert told(graph) == {"dev/dataset/tickets/1": 0, "s3://raw/tickets.parquet": -1}
    for address in (
        f"/api/lineage/graph/?node=dataset:{raw.uuid}",
        f"/api/lineage/runs/{run.run_id}/",
        "/api/lineage/columns/?namespace=s3://raw&dataset=dump",
    ):
        assert client.get(address).status_code == 404, address


def test_many_runs_of_a_job_are_one_edge(dev: Workspace) -> None:
    raw, tickets = outside.dataset(dev, "dump"), outside.dataset(dev, "tickets.parquet")
    runs = [outside.run(dev, "clean") for _ in range(3)]
    for run in runs:
        outside.edge(raw, tickets, run)
    client = factories.token_client(factories.member(dev, "reader"))

    (edge,) = ask(client, f"dataset:{raw.uuid}")["edges"]

    assert edge["run"] == str(runs[-1].run_id)


def test_columns_lead_to_the_columns_that_they_came_from(dev: Workspace) -> None:
    raw, clean, marts = (outside.dataset(dev, name) for name in ("raw", "clean", "marts"))
    run = outside.run(dev, "build")
    outside.column((raw, "text"), (clean, "body"), run)
    outside.column((clean, "body"), (marts, "summary"), run)
    outside.column((clean, "id"), (marts, "id"), run)
    client = factories.token_client(factories.member(dev, "reader"))
    query = {"namespace": "s3://raw", "dataset": "marts", "column": "summary"}

    found = client.get("/api/lineage/columns/", query).json()

    names = [(column["dataset"], column["column"], column["level"]) for column in found["columns"]]
    assert names == [("raw", "text", -2), ("clean", "body", -1), ("marts", "summary", 0)]
    assert [edge["job"] for edge in found["edges"]] == ["airflow/build"] * 2
    down = client.get(
        "/api/lineage/columns/",
        {**query, "dataset": "raw", "column": "text", "direction": "downstream"},
    ).json()
    assert [column["dataset"] for column in down["columns"]] == ["raw", "clean", "marts"]


def test_what_others_read_at_a_place_was_the_version_registered_from_it_by_then(
    dev: Workspace,
) -> None:
    author = factories.token_client(factories.member(dev, "author"))
    moment = timezone.now() - timedelta(days=1)
    first = located(dev, "s3://raw/tickets", name="tickets")
    second = located(dev, "s3://raw/tickets", name="tickets")
    tell()
    for job, told_at in (("early", moment), ("late", timezone.now())):
        event = events.run_event(
            at=told_at.isoformat(),
            run=str(uuid4()),
            job=job,
            inputs=[events.dataset("tickets", namespace="s3://raw")],
            outputs=[events.dataset(job, namespace="s3://out")],
        )
        answer = author.post("/api/v1/lineage?workspace=dev", event, format="json")
        assert answer.status_code == 201, answer.content

    late = ask(author, f"dataset:{uuid_of('s3://out', 'late')}", direction="upstream", depth=1)
    early = ask(author, f"dataset:{uuid_of('s3://out', 'early')}", direction="upstream", depth=1)

    assert told(late) == {"s3://out/late": 0, factories.reference(second): -1}
    assert told(early) == {"s3://out/early": 0, "s3://raw/tickets": -1}
    assert told(ask(author, factories.reference(first), direction="downstream")) == {
        factories.reference(first): 0
    }


def test_a_dataset_is_met_under_its_other_names(dev: Workspace) -> None:
    author = factories.token_client(factories.member(dev, "author"))
    table = events.facet(
        identifiers=[{"namespace": "hive://warehouse", "name": "db.tickets", "type": "TABLE"}]
    )
    for job, inputs, outputs in (
        ("write", ["dump"], [events.dataset("tickets", namespace="s3://raw", symlinks=table)]),
        ("read", [], [events.dataset("report", namespace="s3://out")]),
    ):
        read = [events.dataset(name, namespace="s3://raw") for name in inputs]
        if job == "read":
            read = [events.dataset("db.tickets", namespace="hive://warehouse")]
        event = events.run_event(run=str(uuid4()), job=job, inputs=read, outputs=outputs)
        assert author.post("/api/v1/lineage?workspace=dev", event, format="json").status_code == 201

    up = ask(author, f"dataset:{uuid_of('s3://out', 'report')}", direction="upstream")
    down = ask(author, f"dataset:{uuid_of('s3://raw', 'dump')}", direction="downstream")

    chain = ["s3://raw/dump", "s3://raw/tickets", "hive://warehouse/db.tickets", "s3://out/report"]
    assert told(up) == {name: level - 3 for level, name in enumerate(chain)}
    assert told(down) == {name: level for level, name in enumerate(chain)}


def uuid_of(namespace: str, name: str) -> UUID:
    """The public id of a dataset."""
    return Dataset.objects.get(namespace=namespace, name=name).uuid
