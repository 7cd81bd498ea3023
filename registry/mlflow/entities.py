"""Rows as MLflow's registered models and model versions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings

from core.references import Reference
from registry.mlflow import prompts
from registry.queries.flat_rows import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.queries.flat_rows import ModelRow, VersionRow

# What a stage of the older protocol is to us.
STAGE_OF_ALIAS = {"production": "Production", "staging": "Staging"}
ARCHIVED = "Archived"
NO_STAGE = "None"
UNCHECKED = "The source is as declared: its bytes are not kept or checked here."
STAGES = (NO_STAGE, "Staging", "Production", ARCHIVED)


def stage_of(row: VersionRow) -> str:
    """Return the stage that a version is in: read from its lifecycle, else from its aliases."""
    if row.state == "archived":
        return ARCHIVED
    names = json.loads(row.aliases)
    return next((stage for name, stage in STAGE_OF_ALIAS.items() if name in names), NO_STAGE)


def version_entity(row: VersionRow, *, workspace: str) -> dict[str, Any]:
    """Return a model version."""
    source = row.source
    tags: Any = msgspec.Raw(row.tags.encode())
    spec: Mapping[str, Any] = {}
    if row.spec is not None:
        spec = json.loads(row.spec)
        source = source or _source(row, spec, workspace)
    if row.kind == "prompt":
        tags = _pairs(_texts(row.tags) | prompts.tags_of(spec))
    created = milliseconds(row.created_at)
    return {
        "name": row.name,
        "version": str(row.number),
        "creation_timestamp": created,
        "last_updated_timestamp": milliseconds(row.updated_at) if row.updated_at else created,
        "user_id": row.created_by,
        "current_stage": stage_of(row),
        "description": row.description or "",
        "source": source or "",
        "run_id": row.run_id or "",
        "status": "READY",
        "status_message": _status_message(row),
        "tags": tags,
        "run_link": row.run_link or "",
        "aliases": msgspec.Raw(row.aliases.encode()),
        "model_id": row.model_id or "",
    }


def _status_message(row: VersionRow) -> str:
    if row.state:
        return f"{row.state}: {row.state_reason}"
    return UNCHECKED if row.download_uri and row.kind == "model" else ""


def download_uri(row: VersionRow, *, workspace: str) -> str:
    """Return where the bytes of a version are."""
    if row.download_uri:
        return row.download_uri
    return _source(row, json.loads(row.spec or "{}"), workspace)


def _source(row: VersionRow, spec: Mapping[str, Any], workspace: str) -> str:
    """Return the address of what came by another door: the spec's, else our own reference."""
    uri: str = spec.get("source", {}).get("uri", "")
    reference = Reference(workspace, row.kind, row.name, row.number)
    return uri or reference.full(settings.INSTANCE)


def model_entity(
    row: ModelRow, versions: Mapping[int, VersionRow], *, workspace: str
) -> dict[str, Any]:
    """Return a registered model, with its newest version and those that stand in a stage."""
    wanted = dict.fromkeys([*json.loads(row.staged), *([row.newest] if row.newest else [])])
    latest = [versions[pk] for pk in wanted if pk in versions]
    tags: Any = msgspec.Raw(row.tags.encode())
    if row.kind == "prompt":
        tags = _pairs(_texts(row.tags) | {prompts.IS_PROMPT: prompts.TRUE})
    return {
        "name": row.name,
        "creation_timestamp": milliseconds(row.created_at),
        "last_updated_timestamp": milliseconds(row.updated_at),
        "user_id": row.created_by,
        "description": row.description,
        "latest_versions": [version_entity(one, workspace=workspace) for one in latest],
        "tags": tags,
        "aliases": msgspec.Raw(row.aliases.encode()),
    }


def latest_ids(rows: Iterable[ModelRow]) -> list[int]:
    """Return the versions that ``model_entity`` shows of these models."""
    found: dict[int, None] = {}
    for row in rows:
        found |= dict.fromkeys(json.loads(row.staged))
        if row.newest:
            found[row.newest] = None
    return list(found)


def _texts(tags: str) -> dict[str, str]:
    return {item["key"]: item["value"] for item in json.loads(tags)}


def _pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]
