"""Sends what is to be imported."""

from __future__ import annotations

from typing import Any

from core.tasks import claim_and_run

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
