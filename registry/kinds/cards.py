"""Cards: what people need to know of an asset, by field; a published schema per kind."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from registry.kinds.base import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA_VERSION = 1
STAGES = ("development", "staging", "production")
USE = ("intended_use", "limitations")
WATCHED = (*USE, "human_oversight")
# Which fields a card needs at a stage, where a workspace has not said otherwise. What acts on
# people, or on its own, needs somebody who watches it; what only feeds such things does not.
REQUIRED: dict[str, dict[str, tuple[str, ...]]] = {
    "model": {"staging": USE, "production": WATCHED},
    "prompt": {"production": ("intended_use",)},
    "dataset": {"staging": ("intended_use",), "production": (*USE, "collection")},
    "result": {"production": ("interpretation",)},
    "flow": {"staging": USE, "production": WATCHED},
    "index": {"staging": ("intended_use",), "production": (*USE, "data_sources")},
    "tool": {"staging": ("risks",), "production": ("intended_use", "risks", "safeguards")},
    "agent": {
        "staging": (*USE, "risks"),
        "production": (*WATCHED, "autonomy", "risks", "safeguards"),
    },
    "connection": {"production": ("data_shared",)},
    "application": {"staging": USE, "production": (*WATCHED, "affected_people", "risk_assessment")},
}


@cache
def card_schema(kind: str) -> dict[str, Any]:
    """Return the published JSON Schema (2020-12) of the cards of a kind."""
    name = f"schemas/card.{kind}.v{SCHEMA_VERSION}.json"
    schema: dict[str, Any] = json.loads(
        (resources.files("registry.kinds") / name).read_text(encoding="utf-8")
    )
    return schema


def card_fields(kind: str) -> tuple[str, ...]:
    """Return the names of the fields that a card of the kind may have."""
    return tuple(card_schema(kind)["properties"])


def required_by_default(kind: str, stage: str) -> tuple[str, ...]:
    """Return the fields that a card of the kind needs at a stage, unless a workspace differs."""
    return REQUIRED[kind].get(stage, ())


@cache
def _validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(card_schema(kind))


def card_problems(kind: str, fields: Mapping[str, Any]) -> list[Problem]:
    """Return everything that is wrong with the fields of a card, empty when they are valid."""
    found = []
    for error in _validator(kind).iter_errors(fields):
        path = ".".join(["fields", *map(str, error.instance_path)])
        found.append(Problem(path, error.message[:300]))
    return found
