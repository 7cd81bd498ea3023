"""Events as a real Airflow sent them.

Recorded from Airflow 3.0.6 with its OpenLineage provider 2.6.1, which ran a DAG ``shop`` of two
tasks, each of which says what it reads and writes; only the path of the DAG's file was changed.
"""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from lineage.models import DatasetEdge, Run
from registry.models import Workspace
from tests import factories
from tests.lineage.marquez.estate import read
from tests.lineage.received.test_door import ONE, send

pytestmark = pytest.mark.django_db
EVENTS = [
    json.loads(line) for line in (Path(__file__).parent / "airflow.ndjson").read_text().splitlines()
]


def edges() -> set[tuple[str, str, str]]:
    rows = DatasetEdge.objects.filter(closed_at=None)
    return set(rows.values_list("source__name", "target__name", "job__name"))


def test_what_airflow_ran_is_in_the_graph(dev: Workspace) -> None:
    author = factories.token_client(factories.member(dev, "author"))

    answers = [send(author, ONE, event) for event in EVENTS]

    assert [answer.json() for answer in answers] == [{"stored": 1, "warnings": []}] * 4
    assert edges() == {("raw", "orders", "shop.load"), ("orders", "sales", "shop.report")}
    assert set(Run.objects.values_list("status", flat=True)) == {"COMPLETED"}
    job = read(author, "namespaces", "airflow", "jobs", "shop.report")
    assert job["parentJobName"] == "shop"
    assert job["inputs"] == [{"namespace": "s3://lake", "name": "orders"}]
    assert job["latestRun"]["nominalStartTime"] == "2026-01-02T00:00:00.000000Z"
    assert job["latestRun"]["facets"]["processing_engine"]["name"] == "Airflow"


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_it_is_so_in_any_order(dev: Workspace, order: tuple[int, ...]) -> None:
    author = factories.token_client(factories.member(dev, "author"))
    sent: list[Any] = [EVENTS[number] for number in (*order, *order)]

    for event in sent:
        send(author, ONE, event)

    assert edges() == {("raw", "orders", "shop.load"), ("orders", "sales", "shop.report")}
    assert set(Run.objects.values_list("status", flat=True)) == {"COMPLETED"}
