"""Producers that send at once neither wait for each other for ever nor undo each other's work."""

from __future__ import annotations

import json
import random
import threading
from typing import Any

import pytest

from tests.lineage.received.events import columns, dataset, run_event, schema_facet
from tests.support.organisation import Organisation
from tests.support.service import Service

pytestmark = pytest.mark.slow
RUNS, SENDERS = 12, 4
PLACES = ("assist-dev", "assist-staging")


def events() -> list[dict[str, Any]]:
    """Three events of each of some runs over the same datasets: only all three say everything."""
    return [
        event
        for number in range(RUNS)
        for run in [f"0190a1b2-0000-7000-8000-{number:012}"]
        for event in (
            run_event("START", run=run, at="2026-03-01T10:00:00Z", inputs=[dataset("a")]),
            run_event(
                "RUNNING",
                run=run,
                at="2026-03-01T10:00:01Z",
                inputs=[dataset("b", schema=schema_facet("x"))],
                outputs=[dataset(f"t-{number % 3}")],
            ),
            run_event(
                "COMPLETE",
                run=run,
                at="2026-03-01T10:00:02Z",
                outputs=[dataset(f"u-{number % 3}", columnLineage=columns("x", ("c", "y")))],
            ),
        )
    ]


def send(organisation: Organisation, number: int, failures: list[str]) -> None:
    """Send everything in an order of one's own, in small batches, to both places."""
    dice = random.Random(number)
    client = organisation.client("administrator", web=number % 2)
    parts = [(place, event) for place in PLACES for event in events()]
    dice.shuffle(parts)
    while parts:
        place, _ = parts[0]
        batch = [event for at, event in parts[: dice.randint(1, 6)] if at == place]
        address = f"/api/v1/lineage/batch?workspace={place}"
        answer = client.post(address, batch)
        if answer.status == 503:
            failures.append(answer.body.decode()[:300])
            return
        if answer.status != 200 or answer.json["summary"]["failed"]:
            failures.append(f"{answer.status} {answer.body.decode()[:300]}")
            return
        sent = [json.dumps(event) for event in batch]
        parts = [item for item in parts if item[0] != place or json.dumps(item[1]) not in sent]


def test_the_work_of_all_is_in_what_is_left(service: Service) -> None:
    service.settings["MUNIMENT_OPENLINEAGE_CONCURRENT"] = "8"
    organisation = Organisation.found(service)
    service.start_web(2)
    failures: list[str] = []
    threads = [
        threading.Thread(target=send, args=(organisation, number, failures))
        for number in range(SENDERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
        assert not thread.is_alive()

    assert failures == []
    code = "from tests.lineage.received.test_concurrency import show; show()"
    printed = service.manage("shell", "--no-imports", "-c", code)
    found = json.loads(printed.strip().splitlines()[-1])
    for place in PLACES:
        runs = [run for run in found["runs"] if run[0] == place]
        assert len(runs) == RUNS
        assert {tuple(run[1:]) for run in runs} == {("COMPLETED", 2, 2)}
    # a and b into t, by every run; c into u, by column lineage
    assert found["edges"] == dict.fromkeys(PLACES, RUNS * 3)
    assert found["events"] == len(PLACES) * RUNS * 3
    assert sum(found["journalled"]) == found["events"]


def show() -> None:
    """Print what the installation that this process is part of holds."""
    from django.db.models import Count

    from core.models import JournalEntry
    from lineage.models import DatasetEdge, ReceivedEvent, Run

    entries = JournalEntry.objects.filter(action="lineage.events.received")
    runs = Run.objects.values_list("workspace__slug", "status", "state")
    edges = DatasetEdge.objects.filter(closed_at=None).values_list("workspace__slug")
    found = {
        "runs": [
            (place, status, len(state["inputs"]), len(state["outputs"]))
            for place, status, state in runs
        ],
        "edges": dict(edges.annotate(Count("pk")).order_by()),
        "events": ReceivedEvent.objects.count(),
        "journalled": [json.loads(bytes(entry.body))["data"]["count"] for entry in entries],
    }
    print(json.dumps(found))
