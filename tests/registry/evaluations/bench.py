"""What an evaluation needs, and rows to hand in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rest_framework.test import APIClient

from core import tasks
from core.actors import Actor
from registry.models import Workspace

JUDGE = {"name": "judge", "type": "model", "version": "2026-01"}
ROWS = [
    {"id": "a", "output": "Paris", "reference": "paris", "latency_ms": 100, "groundedness": 0.9},
    {"id": "b", "output": "in Rome", "reference": ["Rome", "Milan"], "latency_ms": 300},
    {"id": "c", "output": "Oslo", "cost": 0.25, "groundedness": 0.5},
]


@dataclass
class Lab:
    """Where experiments are recorded: the workspace, its author, and the author's client."""

    workspace: Workspace
    author: Actor
    client: APIClient

    def post(self, path: str, body: Any, *, expect: int = 201) -> Any:
        """Send JSON to an address below /api/registry/ and return what came back."""
        answer = self.client.post(f"/api/registry/{path}", body, format="json")
        assert answer.status_code == expect, answer.content
        return answer.json()

    def get(self, path: str, *, expect: int = 200) -> Any:
        """Read an address below /api/registry/."""
        answer = self.client.get(f"/api/registry/{path}")
        assert answer.status_code == expect, answer.content
        return answer.json()


@dataclass
class Bench:
    """What an evaluation needs, and a way to send it."""

    lab: Lab
    body: dict[str, Any]

    def describe(self, expect: int = 201, **changes: Any) -> Any:
        return self.lab.post("evaluations/", self.body | changes, expect=expect)

    def evaluate(self, rows: str, **changes: Any) -> Any:
        """Describe, hand in, have the worker do it, and return what there is then."""
        made = self.describe(rows=rows, **changes)
        while tasks.claim_and_run():
            pass
        return self.lab.get(f"evaluations/{made['uuid']}/")


def lines(rows: Any) -> str:
    return "\n".join(json.dumps(row) for row in rows)
