"""Producers of events that note on disk which batches the service acknowledged."""

from __future__ import annotations

import http.client
import json
import os
import threading
from typing import Any

from tests.faults.writers import Tally
from tests.lineage.received.events import dataset, run_event, schema_facet
from tests.support.client import Client
from tests.support.organisation import Organisation
from tests.support.service import Service

SIZE = 60
ADDRESS = "/api/v1/lineage/batch?workspace=assist-dev"


class Producer(threading.Thread):
    """Sends batches one after the other; fsyncs each acknowledgement before the next.

    All events of a batch are of one job, whose name is that of the batch. One that was not
    acknowledged is not sent again: it must be there as a whole, or not at all.
    """

    def __init__(
        self, number: int, *, organisation: Organisation, tally: Tally, stop: threading.Event
    ) -> None:
        super().__init__(name=f"producer-{number}", daemon=True)
        self.number = number
        self.organisation = organisation
        self.tally = tally
        self.stop = stop
        self.file = organisation.service.folder / f"acknowledged-{number}.ndjson"

    def run(self) -> None:
        client = self.organisation.client("author")
        with self.file.open("ab") as acknowledged:
            count = 0
            while not self.stop.is_set():
                count += 1
                self._send(client, f"batch-{self.number}-{count}", acknowledged)

    def _send(self, client: Client, name: str, acknowledged: Any) -> None:
        with self.tally.lock:
            self.tally.in_flight += 1
        try:
            answer = client.post(ADDRESS, batch(name))
        except (OSError, http.client.HTTPException):
            with self.tally.lock:
                self.tally.interrupted += 1
            self.stop.wait(0.05)
            return
        finally:
            with self.tally.lock:
                self.tally.in_flight -= 1
        if answer.status == 503:  # more producers than are let in at a time
            self.stop.wait(0.05)
            return
        if answer.status != 200 or answer.json["summary"]["stored"] != SIZE:
            with self.tally.lock:
                self.tally.other[answer.status] = self.tally.other.get(answer.status, 0) + 1
            return
        acknowledged.write(json.dumps({"job": name}).encode() + b"\n")
        acknowledged.flush()
        os.fsync(acknowledged.fileno())
        with self.tally.lock:
            self.tally.acknowledged += 1


def batch(name: str) -> list[dict[str, Any]]:
    """Return START and COMPLETE of runs of one job, over datasets that all batches share."""
    whole = abs(hash(name)) % 2**32
    return [
        run_event(
            kind,
            run=f"{whole:08x}-0000-4000-8000-{number:012x}",
            job=name,
            at=f"2026-03-01T10:{number:02}:{second:02}Z",
            inputs=[dataset(f"raw-{number % 7}", schema=schema_facet("a", "b"))],
            outputs=[dataset(f"clean-{number % 5}")],
        )
        for number in range(SIZE // 2)
        for second, kind in enumerate(("START", "COMPLETE"))
    ]


def read(service: Service) -> dict[str, Any]:
    """Return what the database of ``service`` holds of events."""
    code = "from tests.faults.producers import show; show()"
    printed = service.manage("shell", "--no-imports", "-c", code)
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found


def show() -> None:
    """Print how many events, runs and edges each batch left, and what the journal says."""
    from django.db.models import Count

    from core.models import JournalEntry
    from lineage.models import DatasetEdge, ReceivedEvent, Run

    entries = JournalEntry.objects.filter(action="lineage.events.received")
    counts = {
        key: dict(rows.values_list("job__name").annotate(Count("pk")))
        for key, rows in (
            ("events", ReceivedEvent.objects.all()),
            ("runs", Run.objects.filter(status="COMPLETED")),
            ("edges", DatasetEdge.objects.filter(closed_at=None)),
        )
    }
    told = [json.loads(bytes(entry.body))["data"]["count"] for entry in entries]
    print(json.dumps({**counts, "journalled": told}))
