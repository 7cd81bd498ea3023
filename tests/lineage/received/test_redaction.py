"""Secrets in events are not kept, and an event with one is still the same event."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lineage.models import Dataset, ReceivedEvent, Run
from lineage.received.parsing import parse
from registry.models import Workspace
from tests import factories
from tests.lineage.received.events import dataset, facet, run_event
from tests.lineage.received.test_door import BATCH, ONE, send

SECRET = "hunter2-and-more"


def told(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    event = parse(raw)
    return json.loads(event.body), {item.pointer: item.reason for item in event.warnings}


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (
            {"environmentVariables": [{"name": "PGPASSWORD", "value": SECRET}]},
            {"environmentVariables": [{"name": "PGPASSWORD", "value": "***"}]},
        ),
        (
            {"parameters": [{"key": "api-key", "name": "Key", "value": SECRET}]},
            {"parameters": [{"key": "api-key", "name": "Key", "value": "***"}]},
        ),
        (
            {"properties": {"spark.ui.password": SECRET}},
            {"properties": {"spark.ui.password": "***"}},
        ),
        ({"clientSecret": [SECRET, "b"]}, {"clientSecret": ["***", "***"]}),
        (
            {"url": f"postgres://etl:{SECRET}@db:5432/shop?sslmode=require"},
            {"url": "postgres://etl:***@db:5432/shop?sslmode=require"},
        ),
        ({"dsn": f"Server=db;Pwd={SECRET};Db=x"}, {"dsn": "Server=db;Pwd=***;Db=x"}),
        ({"args": ["--key", "AKIA" + "Z" * 16]}, {"args": ["--key", "***"]}),
    ],
)
def test_what_looks_like_a_secret_is_taken_out(body: Any, kept: Any) -> None:
    sent = run_event(outputs=[dataset("b")], run_facets={"x": facet(**body)})

    stored, warnings = told(sent)

    assert stored["run"]["facets"]["x"] == facet(**kept)
    assert [text for text in warnings.values() if "secret" in text] == (
        ["looks like a secret, and was not stored"] * (json.dumps(kept).count("***"))
    )


@pytest.mark.parametrize(
    "body",
    [
        {"environmentVariables": [{"name": "TOKENS_MAX", "value": "512"}]},
        {"environmentVariables": [{"name": "PGPASSWORD", "value": "env:PGPASSWORD"}]},
        {"query": "SELECT * FROM a JOIN b ON a.token = b.token"},
        {"fields": [{"name": "password", "type": "VARCHAR"}]},
        {"maxToken": 512, "password": ""},
        {"commit": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"},
    ],
)
def test_what_is_no_secret_stays(body: dict[str, Any]) -> None:
    stored, warnings = told(run_event(outputs=[dataset("b")], run_facets={"x": facet(**body)}))

    assert stored["run"]["facets"]["x"] == facet(**body)
    assert warnings == {}


def test_names_lose_the_password_of_an_address_and_nothing_else() -> None:
    name = "sk-learn-benchmarks-of-march"
    sent = run_event(outputs=[dataset(name, namespace=f"postgres://etl:{SECRET}@db:5432")])

    stored, warnings = told(sent)

    assert stored["outputs"][0]["namespace"] == "postgres://etl:***@db:5432"
    assert stored["outputs"][0]["name"] == name
    assert list(warnings) == ["/outputs/0/namespace"]


@pytest.mark.django_db
def test_nothing_that_is_kept_has_the_secret(dev: Workspace) -> None:
    author = factories.token_client(factories.member(dev, "author"))
    variables = [{"name": "AWS_SECRET_ACCESS_KEY", "value": SECRET}, {"name": "HOME", "value": "/"}]
    event = run_event(
        outputs=[dataset("b", namespace=f"postgres://etl:{SECRET}@db:5432", own={"token": SECRET})],
        run_facets={"environmentVariables": facet(environmentVariables=variables)},
    )

    first, again = send(author, ONE, event), send(author, BATCH, [event])

    assert [item["pointer"] for item in first.json()["warnings"]][:3] == [
        "/run/facets/environmentVariables/environmentVariables/0/value",
        "/outputs/0/namespace",
        "/outputs/0/facets/own/token",
    ]
    assert again.json()["summary"]["repeated"] == 1
    (row,) = ReceivedEvent.objects.all()
    kept = [bytes(row.body).decode(), str(Run.objects.get().state), *names()]
    assert not [text for text in kept if SECRET in text]
    shown = author.get(f"/api/lineage/received/{row.uuid}/").content.decode()
    assert SECRET not in shown
    assert "AWS_SECRET_ACCESS_KEY" in shown


def names() -> list[str]:
    rows = Dataset.objects.values_list("namespace", "observations__state")
    return [f"{namespace} {state}" for namespace, state in rows]
