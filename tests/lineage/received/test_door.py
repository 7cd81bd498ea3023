"""Producers send events over HTTP."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.db import OperationalError

from core.models import JournalEntry
from lineage.models import DatasetEdge, ReceivedEvent, Run
from lineage.openlineage.admission import admission
from lineage.services.receiving import batches
from registry.models import Workspace
from tests import factories
from tests.lineage.received.events import dataset, facet, run_event

pytestmark = pytest.mark.django_db

ONE = "/api/v1/lineage?workspace=dev"
BATCH = "/api/v1/lineage/batch?workspace=dev"


@pytest.fixture
def author(dev: Workspace) -> Any:
    return factories.token_client(factories.member(dev, "author"))


def send(client: Any, address: str, content: Any, **headers: str) -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.generic("POST", address, body, content_type="application/json", headers=headers)


def simple(**options: Any) -> dict[str, Any]:
    return run_event(inputs=[dataset("a")], outputs=[dataset("b")], **options)


def test_an_event_is_stored_and_in_the_graph(author: Any) -> None:
    response = send(author, ONE, simple())

    assert response.status_code == 201
    assert response.json() == {"stored": 1, "warnings": []}
    assert Run.objects.get().status == "COMPLETED"
    edge = DatasetEdge.objects.get()
    assert (edge.source.name, edge.target.name, edge.basis) == ("a", "b", "cartesian")


def test_an_event_that_is_sent_twice_is_one(author: Any) -> None:
    first, again = (send(author, ONE, simple()) for _ in range(2))

    assert (first.json()["stored"], again.json()["stored"]) == (1, 0)
    assert again.status_code == 201
    assert ReceivedEvent.objects.count() == 1
    assert JournalEntry.objects.filter(action="lineage.events.received").count() == 1


def test_a_batch_takes_what_is_valid_and_says_what_is_not(author: Any) -> None:
    broken = simple(run="no-uuid")
    warned = simple(at="2026-03-01T10:00:01Z", run_facets={"parent": facet(run={})})
    answer = send(author, BATCH, [simple(), broken, warned, 7]).json()

    assert answer["status"] == "partial_success"
    assert answer["summary"] == {
        "received": 4,
        "successful": 2,
        "failed": 2,
        "retriable": 0,
        "non_retriable": 2,
        "stored": 2,
        "repeated": 0,
    }
    assert [item["index"] for item in answer["failed_events"]] == [1, 3]
    assert answer["failed_events"][0]["problems"][0]["pointer"] == "/run/runId"
    assert [item["index"] for item in answer["warnings"]] == [2]
    assert ReceivedEvent.objects.count() == 2
    entry = JournalEntry.objects.get(action="lineage.events.received")
    data = json.loads(bytes(entry.body))["data"]
    assert data == {"count": 2, "repeated": 0, "refused": 2}


def test_an_event_without_what_every_event_has_is_refused_with_pointers(author: Any) -> None:
    event = simple()
    del event["producer"]
    event["inputs"][0]["name"] = ""
    response = send(author, ONE, event)

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert {error["field"] for error in response.json()["errors"]} == {"", "/inputs/0/name"}
    assert not ReceivedEvent.objects.exists()


def test_a_facet_that_does_not_fit_is_kept_with_a_warning(author: Any) -> None:
    event = simple(job_facets={"ownership": facet(owners=[{}]), "custom": {"no": "schema"}})
    warnings = send(author, ONE, event).json()["warnings"]

    assert {item["pointer"] for item in warnings} == {
        "/job/facets/ownership/owners/0",
        "/job/facets/custom",
    }
    stored = ReceivedEvent.objects.get()
    assert json.loads(bytes(stored.body)) == event
    assert stored.warnings == warnings


def test_what_marquez_tolerates_is_tolerated_where_that_is_switched_on(
    author: Any, settings: Any
) -> None:
    event = simple(at="2026-03-01T10:00:00")
    del event["schemaURL"]
    assert send(author, ONE, event).status_code == 400
    settings.OPENLINEAGE_COMPATIBLE = True
    response = send(author, ONE, event)
    assert response.status_code == 201
    assert len(response.json()["warnings"]) == 2
    assert Run.objects.get().event_time.isoformat() == "2026-03-01T10:00:00+00:00"


def test_compressed_bodies_are_read_and_may_not_inflate_without_end(
    author: Any, settings: Any
) -> None:
    headers = {"Content-Encoding": "gzip"}
    body = gzip.compress(json.dumps(simple()).encode())
    assert send(author, ONE, body, **headers).status_code == 201
    assert send(author, ONE, body[:-9], **headers).status_code == 400
    assert send(author, ONE, b"plain", **headers).status_code == 400
    assert send(author, ONE, body, **{"Content-Encoding": "br"}).status_code == 415
    settings.OPENLINEAGE_MAX_BYTES = 1_000
    bomb = gzip.compress(b" " * 1_000_000)
    assert send(author, ONE, bomb, **headers).status_code == 413


@pytest.mark.parametrize("body", [b"{", b'"\\u0000"', b"NaN", b"[" * 2_000, b"\xff", b"[]"])
def test_what_is_no_event_is_refused(author: Any, body: bytes) -> None:
    assert send(author, ONE, body).status_code == 400


@pytest.mark.parametrize("body", [b"{}", b"7", b'[{"a":'])
def test_what_is_no_batch_is_refused(author: Any, body: bytes) -> None:
    assert send(author, BATCH, body).status_code == 400


def test_the_workspace_comes_from_address_header_or_token(dev: Workspace) -> None:
    actor = factories.member(dev, "author")
    wide, narrow = factories.token_client(actor), factories.token_client(actor, workspaces=["dev"])
    unsaid = send(wide, "/api/v1/lineage", simple())
    assert unsaid.status_code == 400
    assert "Muniment-Workspace" in unsaid.json()["detail"]
    named = send(wide, "/api/v1/lineage", simple(), **{"Muniment-Workspace": "dev"})
    assert named.json()["stored"] == 1
    assert send(narrow, "/api/v1/lineage", simple(job="other")).json()["stored"] == 1


def test_too_many_at_once_and_a_locked_database_ask_for_another_try(
    author: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OPENLINEAGE_CONCURRENT = 1
    with admission.admitted():
        busy = send(author, ONE, simple())
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "2")

    def locked(*args: Any, **options: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(batches, "tell", locked)
    waiting = send(author, ONE, simple())
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "2")
    assert not ReceivedEvent.objects.exists()
    monkeypatch.undo()
    assert send(author, ONE, simple()).status_code == 201
