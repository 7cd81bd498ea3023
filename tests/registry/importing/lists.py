"""Sends what is to be imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.tasks import claim_and_run

if TYPE_CHECKING:
    from core.models import JournalEntry

IMPORTS = "/api/registry/imports/"
HEADER = "kind,name,spec.source.type,spec.source.uri,spec.source.provider,spec.task,spec.license"


def model_line(name: str, uri: str = "s3://models/a") -> str:
    return f"model,{name},uri,{uri},Acme,text-generation,Apache-2.0"


def table(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *lines]) + "\n"


def send(client: Any, content: Any = "", **more: Any) -> Any:
    body = {"format": "csv", "workspace": "lists", "content": content, **more}
    return client.post(IMPORTS, body, format="json")


def imported(client: Any, content: Any = "", **more: Any) -> Any:
    """Import, do the work, and return the report."""
    asked = send(client, content, **more)
    assert asked.status_code == 202, asked.content
    while claim_and_run(task_uuid=asked.json()["uuid"]):
        pass
    shown = client.get(f"{IMPORTS}{asked.json()['uuid']}/").json()
    assert shown["state"] == "succeeded", shown
    return shown["report"]


def outcomes(report: Any) -> list[str]:
    return [row["outcome"] for row in report["rows"]]


def problems(report: Any) -> dict[str, list[str]]:
    return {
        row["place"]: [problem["field"] for problem in row["problems"]]
        for row in report["rows"]
        if row["problems"]
    }


def told(entry: JournalEntry) -> Any:
    return json.loads(bytes(entry.body))
