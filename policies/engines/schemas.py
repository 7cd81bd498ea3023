"""JSON Schemas (2020-12): those of the input documents, and those of a policy's parameters."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import jsonschema_rs

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS = ("configuration", "promotion")
MAX_PROBLEMS = 20
MAX_SCHEMA_DEPTH = 32


def kind_of(document: Mapping[str, Any]) -> str:
    """Return which document this says it is, ``configuration`` or ``promotion``; else ""."""
    named = document.get("schema")
    return next((kind for kind in KINDS if named == f"muniment.{kind}/v1"), "")


@functools.cache
def document_schema(kind: str) -> dict[str, Any]:
    """Return the published schema of the input documents of this kind."""
    text = (resources.files("policies") / f"documents_schema/{kind}.v1.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def document_problems(document: Mapping[str, Any]) -> list[str]:
    """Return where and why an input does not fit the schema of the kind that it names."""
    kind = kind_of(document)
    if not kind:
        return [f"schema must be one of {', '.join(f'muniment.{each}/v1' for each in KINDS)}"]
    return list(_problems(_document_validator(kind), document))


def schema_problems(schema: Mapping[str, Any]) -> list[str]:
    """Return why this is no schema for a parameter; empty when it is one.

    References may only point into the schema itself: others would be fetched from anywhere.
    """
    if schema.get("$schema", DIALECT) != DIALECT:
        return [f"$schema must be {DIALECT}, or absent"]
    if reason := _outside(schema, depth=1):
        return [reason]
    try:
        jsonschema_rs.meta.validate({**schema, "$schema": DIALECT})
        jsonschema_rs.Draft202012Validator(dict(schema))
    except (jsonschema_rs.ValidationError, ValueError) as error:
        return [f"is no JSON Schema (2020-12): {str(error).splitlines()[0][:200]}"]
    return []


def value_problems(schema: Mapping[str, Any], value: object) -> list[str]:
    """Return where and why a value does not fit a schema that `schema_problems` found sound."""
    return list(_problems(jsonschema_rs.Draft202012Validator(dict(schema)), value))


@functools.cache
def _document_validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(document_schema(kind))


def _problems(validator: jsonschema_rs.Draft202012Validator, value: object) -> Iterator[str]:
    for number, error in enumerate(validator.iter_errors(value)):
        if number == MAX_PROBLEMS:
            return
        path = ""
        for part in error.instance_path:
            path += f"[{part}]" if isinstance(part, int) else f".{part}"
        where = path.removeprefix(".")
        yield f"{where}: {error.message[:300]}" if where else error.message[:300]


def _outside(schema: object, *, depth: int) -> str:
    """Why the schema reaches outside of itself, or is nested too deeply; empty when neither."""
    if depth > MAX_SCHEMA_DEPTH:
        return f"is nested deeper than {MAX_SCHEMA_DEPTH} levels"
    members: list[object] = []
    if isinstance(schema, dict):
        for key in ("$ref", "$dynamicRef"):
            target = schema.get(key)
            if isinstance(target, str) and not target.startswith("#"):
                return f"{key} {target[:80]!r} must point into the schema itself"
        if "$id" in schema:
            return "$id is not taken: it would move what references mean"
        members = list(schema.values())
    elif isinstance(schema, list):
        members = schema
    return next(filter(None, (_outside(each, depth=depth + 1) for each in members)), "")
