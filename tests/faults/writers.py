"""Writers that note on disk what the service acknowledged, while the service is being killed."""

from __future__ import annotations

import http.client
import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.client import Client
from tests.support.organisation import Organisation


@dataclass
class Tally:
    """What happened to the writers' requests."""

    acknowledged: int = 0
    interrupted: int = 0
    in_flight: int = 0
    other: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Writer(threading.Thread):
    """Registers versions one after the other; fsyncs each acknowledgement before the next."""

    def __init__(
        self, number: int, *, organisation: Organisation, tally: Tally, stop: threading.Event
    ) -> None:
        super().__init__(name=f"writer-{number}", daemon=True)
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
                self._register(client, count, acknowledged)

    def _register(self, client: Client, count: int, acknowledged: Any) -> None:
        body = version_body(name=f"prompt-{self.number % 2}", text=f"{self.number}/{count}")
        with self.tally.lock:
            self.tally.in_flight += 1
        try:
            answer = client.post("/api/registry/versions/", body)
        except (OSError, http.client.HTTPException):
            with self.tally.lock:
                self.tally.interrupted += 1
            self.stop.wait(0.05)
            return
        finally:
            with self.tally.lock:
                self.tally.in_flight -= 1
        if answer.status != 201:
            with self.tally.lock:
                self.tally.other[answer.status] = self.tally.other.get(answer.status, 0) + 1
            return
        got = answer.json
        line = {key: got[key] for key in ("uuid", "name", "number", "digest")}
        acknowledged.write(json.dumps(line).encode() + b"\n")
        acknowledged.flush()
        os.fsync(acknowledged.fileno())
        with self.tally.lock:
            self.tally.acknowledged += 1


def version_body(*, name: str, text: str) -> dict[str, Any]:
    """A registration that is different from every other."""
    return {
        "workspace": "assist-dev",
        "kind": "prompt",
        "name": name,
        "spec": {"type": "text", "template": f"Answer briefly. {text}"},
    }


def read_acknowledged(folder: Path) -> list[dict[str, Any]]:
    """Every acknowledgement that reached the disk."""
    lines: list[dict[str, Any]] = []
    for file in sorted(folder.glob("acknowledged-*.ndjson")):
        lines += [json.loads(line) for line in file.read_text().splitlines()]
    return lines
