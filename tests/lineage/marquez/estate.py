"""Pipelines as producers tell of them, sent through the receiver, and how to read them back.

seed -> raw -> load -> orders -> report -> sales
                         orders -> check
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from tests import factories
from tests.lineage.received import events

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from registry.models import Workspace

LAKE = "s3://lake"
STORE = events.OUTSIDE
ROOT = "/marquez/api/v1"
RUNS = {
    name: f"0190a1b2-0000-7000-8000-{number:012d}"
    for number, name in enumerate(("seed", "load", "report", "check"), start=1)
}


def lake(name: str, **facets: Any) -> dict[str, Any]:
    return events.dataset(name, namespace=LAKE, **facets)


def orders(**facets: Any) -> dict[str, Any]:
    return events.dataset("public.orders", **facets)


def pipelines() -> list[dict[str, Any]]:
    """The events of one run of each job."""
    source = events.facet(url="https://git.example/load.py", type="git")
    made_from = {"namespace": LAKE, "name": "raw/orders", "field": "amount"}
    column = made_from | {"transformations": [{"type": "DIRECT", "subtype": "AGGREGATION"}]}
    full = orders(
        schema=events.schema_facet("id", "total"),
        documentation=events.facet(description="All orders."),
        columnLineage=events.facet(fields={"total": {"inputFields": [column]}}),
        tags=events.facet(
            tags=[
                {"key": "pii", "value": "yes"},
                {"key": "money", "value": "EUR", "field": "total"},
            ]
        ),
    )
    raw = lake("raw/orders", schema=events.schema_facet("id", "amount"))
    return [
        events.run_event(run=RUNS["seed"], job="seed", outputs=[raw]),
        events.run_event("START", at="2026-03-01T10:59:00Z", run=RUNS["load"]),
        events.run_event(
            at="2026-03-01T11:00:00Z",
            run=RUNS["load"],
            inputs=[raw],
            outputs=[full],
            job_facets={"sourceCodeLocation": source},
            run_facets={"nominalTime": events.facet(nominalStartTime="2026-03-01T00:00:00Z")},
        ),
        events.run_event(
            at="2026-03-01T12:00:00Z",
            run=RUNS["report"],
            job="report",
            inputs=[orders()],
            outputs=[events.dataset("sales")],
        ),
        events.run_event(
            "FAIL", at="2026-03-01T13:00:00Z", run=RUNS["check"], job="check", inputs=[orders()]
        ),
    ]


def send(workspace: Workspace, *told: dict[str, Any]) -> None:
    """Let a producer of the workspace send events."""
    client = factories.token_client(factories.member(workspace, "author"))
    answer = client.generic(
        "POST",
        f"/api/v1/lineage/batch?workspace={workspace.slug}",
        json.dumps(told),
        content_type="application/json",
    )
    assert answer.json()["summary"]["failed"] == 0, answer.content


def path(*parts: str) -> str:
    """An address with each part encoded, as Marquez's clients do it."""
    return "/".join((ROOT, *(quote(part, safe="") for part in parts)))


def read(client: APIClient, *parts: str, **query: Any) -> Any:
    """What an address answers, which must be 200."""
    answer = client.get(f"{path(*parts)}?{urlencode(query)}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def graph(client: APIClient, node: str, *, at: str = "lineage", **query: Any) -> dict[str, Any]:
    """The nodes of a graph by their ids."""
    return {item["id"]: item for item in read(client, at, nodeId=node, **query)["graph"]}


def short(nodes: Any) -> set[str]:
    """The last parts of nodes' ids."""
    return {name.rpartition(":")[2] for name in nodes}
