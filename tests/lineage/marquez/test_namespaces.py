"""Namespaces are listed by workspace, at the cost of what there is to list."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lineage.models import Dataset, Job, WorkspaceNamespace
from lineage.received.names import namespace_key
from tests import factories
from tests.lineage.graph import outside
from tests.lineage.marquez.estate import LAKE, path, read, send
from tests.lineage.received.events import dataset, run_event

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from registry.models import Workspace

pytestmark = pytest.mark.django_db


def listed(client: APIClient) -> list[str]:
    return [item["name"] for item in read(client, "namespaces")["namespaces"]]


def test_a_namespace_is_there_once_and_changes_with_what_is_told_in_it(
    dev: Workspace, reader: APIClient
) -> None:
    before = read(reader, "namespaces", LAKE)
    send(dev, run_event(at="2026-04-01T00:00:00Z", outputs=[dataset("new", namespace=LAKE)]))

    after = read(reader, "namespaces", LAKE)

    assert after["createdAt"] == before["createdAt"]
    assert after["updatedAt"] > before["updatedAt"]
    assert listed(reader).count(LAKE) == 1


def test_a_namespace_in_which_only_an_edge_names_something_is_one(
    dev: Workspace, reader: APIClient
) -> None:
    sources = [{"namespace": "s3://named", "name": "x", "type": "DATASET"}]
    entry = {"namespace": LAKE, "name": "y", "type": "DATASET", "inputs": sources}
    lineage = {"_producer": "https://p.example", "_schemaURL": "https://p.example/L.json"}
    send(dev, run_event(job_facets={"lineage": {**lineage, "entries": [entry]}}))

    assert "s3://named" in listed(reader)


def test_lists_of_a_namespace_read_nothing_of_others(dev: Workspace, reader: APIClient) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(reader, "namespaces")
            read(reader, "namespaces", LAKE, "datasets")
        return len(captured)

    cost()  # the token's first use in a minute is written down
    first = cost()
    send(dev, *(run_event(outputs=[dataset("x", namespace=f"s3://b{n}")]) for n in range(20)))
    assert cost() == first
    assert len(listed(reader)) == 23


def test_what_an_earlier_release_was_told_is_listed_too(dev: Workspace) -> None:
    outside.dataset(dev, "long/" * 100, namespace="s3://old")
    outside.run(dev, "old job")
    Dataset.objects.update(namespace_key="", name_head="")
    Job.objects.update(namespace_key="")
    migration = importlib.import_module("lineage.migrations.0008_namespaces")

    migration.fill(apps, SimpleNamespace(connection=SimpleNamespace(vendor="any")))

    client = factories.token_client(factories.member(dev, "reader"))
    assert listed(client) == ["airflow", "s3://old"]
    assert read(client, "namespaces", "s3://old", "datasets")["totalCount"] == 1
    assert client.get(path("namespaces", "airflow", "jobs")).json()["totalCount"] == 1
    assert {row.key for row in WorkspaceNamespace.objects.all()} == {
        namespace_key("airflow"),
        namespace_key("s3://old"),
    }
