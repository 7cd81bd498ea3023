"""The demo's dataset: support tickets of our own, with statistics computed from the file."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from core.canonical import sha256

if TYPE_CHECKING:
    from collections.abc import Sequence

FIELDS = {
    "id": "Number of the ticket.",
    "split": "train or test.",
    "channel": "How the customer asked: email, chat or phone.",
    "category": "What it is about.",
    "priority": "low, normal or high.",
    "subject": "The question in a few words.",
    "question": "What the customer wrote.",
    "answer": "What a good answer says.",
}
COUNTED = ("split", "channel", "category", "priority")


@dataclass(frozen=True)
class DataFile:
    """A file that ships with the demo."""

    name: str

    @property
    def body(self) -> bytes:
        """Return the bytes."""
        return resources.files("console.demo").joinpath("data", self.name).read_bytes()

    def as_artifact(self, *, media_type: str) -> dict[str, Any]:
        """Return the file as a version declares it, digest and size computed from the bytes."""
        return {
            "path": self.name,
            "uri": f"console/demo/data/{self.name}",
            "digest": sha256(self.body),
            "size": len(self.body),
            "media_type": media_type,
        }


TICKETS = DataFile("support_tickets.jsonl")


def rows(*, split: str = "") -> list[dict[str, str]]:
    """Return the tickets, or those of one split."""
    every = [json.loads(line) for line in TICKETS.body.decode().splitlines()]
    return [row for row in every if not split or row["split"] == split]


def statistics(chosen: Sequence[dict[str, str]], *, size: int) -> dict[str, Any]:
    """Return what a dataset's spec tells of ``chosen`` rows in a file of ``size`` bytes."""
    return {
        "rows": len(chosen),
        "bytes": size,
        "splits": dict(Counter(row["split"] for row in chosen)),
        "fields": {name: _field(name, [row[name] for row in chosen]) for name in FIELDS},
    }


def _field(name: str, values: Sequence[str]) -> dict[str, int]:
    told: dict[str, int] = {
        "distinct": len(set(values)),
        "missing": sum(not value for value in values),
        "shortest": min(map(len, values)),
        "longest": max(map(len, values)),
    }
    if name in COUNTED:
        told |= {f"count of {value}": number for value, number in sorted(Counter(values).items())}
    return told


def fields() -> list[dict[str, Any]]:
    """Return the schema of a row."""
    return [
        {"name": name, "type": "string", "description": text, "personal": False}
        for name, text in FIELDS.items()
    ]
