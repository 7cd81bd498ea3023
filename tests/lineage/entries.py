"""Journal entries as plain data, and the OpenLineage events that they are mapped to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lineage.mapping.journal import map_record
from lineage.mapping.record import Record
from lineage.mapping.validation import require_valid
from lineage.mapping.wire import encode

BASE = "https://registry.example"
ENTRY = UUID("01900000-0000-7000-8000-00000000000a")
# The first 48 bits are 2024-06-10T02:35:18.400Z in milliseconds.
PROMOTION = "01900000-0000-7000-8000-000000000001"
HAPPENED_AT = datetime(2024, 6, 10, 7, 0, 0, 5, tzinfo=UTC)


def digest(letter: str) -> str:
    return "sha256:" + letter * 64


def uuid(number: int) -> str:
    return f"01900000-0000-7000-8000-{number:012d}"


def point(ref: str, number: int, letter: str) -> dict[str, Any]:
    return {"ref": ref, "version": uuid(number), "digest": digest(letter)}


def registration(ref: str = "dev/model/bot/3", **data: Any) -> Record:
    _, kind, name, number = ref.split("/")
    fields: dict[str, Any] = {
        "version": uuid(1),
        "kind": kind,
        "name": name,
        "number": int(number),
        "links": [],
        "metrics": [],
        "artifacts": [],
    }
    return record("registry.version.registered", f"muniment://registry/{ref}", fields | data)


def promotion(verb: str, **data: Any) -> Record:
    fields: dict[str, Any] = {
        "promotion": PROMOTION,
        "requested_by": uuid(90),
        "source": {**point("dev/flow/bot/2", 2, "b"), "workspace": "dev", "kind": "flow"},
        "target": {"workspace": "prod", "stage": "production"},
        "alias": "production",
        "binding": digest("c"),
        "verdicts": [],
    }
    action = f"registry.promotion.{verb}"
    return record(action, "muniment://registry/dev/flow/bot/2", fields | data)


def completion(**data: Any) -> Record:
    flow = {
        "source": point("dev/flow/bot/2", 2, "b"),
        "target": point("prod/flow/bot/1", 5, "b"),
        "is_reused": False,
    }
    model = {
        "source": point("dev/model/llm/7", 3, "d"),
        "target": point("prod/model/llm/4", 6, "d"),
        "is_reused": True,
    }
    fields: dict[str, Any] = {
        "members": [model, flow],
        "approvals": [{"approval": uuid(80), "by": uuid(91), "at": "2024-06-10T06:59:00Z"}],
        "provenance_digest": digest("e"),
    }
    return promotion("completed", **(fields | data))


def record(action: str, subject: str, data: dict[str, Any]) -> Record:
    body = {
        "instance": "registry",
        "subject": {"ref": subject, "digest": digest("a")},
        "data": data,
    }
    return Record(ENTRY, HAPPENED_AT, action, body)


def mapped(source: Record) -> list[dict[str, Any]]:
    """The valid JSON of an entry's events."""
    events = [json.loads(encode(item.event)) for item in map_record(source, base_url=BASE)]
    for event in events:
        require_valid(event)
    return events


def verdict(gate: str, outcome: str, *reasons: tuple[str, str]) -> dict[str, Any]:
    return {
        "gate": gate,
        "outcome": outcome,
        "reasons": [{"code": code, "message": text, "subject": ""} for code, text in reasons],
        "evidence": [digest("9")],
        "binding": digest("8"),
        "required_approvals": 0,
    }
