"""Prompts as MLflow's clients write them, in tags, and as ours are, in specs. Free of Django."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from core.http.parsers import loads
from registry.importers import mlflow_prompts
from registry.importers.mlflow_prompts import (
    CONTENT,
    IS_PROMPT,
    RESPONSE_FORMAT,
    TEXT,
    TRUE,
    TYPE,
    is_prompt,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CONTENT",
    "IS_PROMPT",
    "PLACEHOLDERS",
    "TRUE",
    "is_prompt",
    "require_no_content",
    "require_same_kind",
    "spec_of",
    "tags_of",
]

# What clients send for a source, which a prompt has none of.
PLACEHOLDERS = frozenset({"dummy-source", "prompt-template"})


def spec_of(tags: Mapping[str, str]) -> dict[str, Any]:
    """Return the spec of the prompt version that ``tags`` spell; raises InvalidInput."""
    return mlflow_prompts.spec_of(tags, read=loads)


def tags_of(spec: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags by which a client reads the prompt version of ``spec``."""
    is_chat = spec["type"] == "chat"
    tags = {
        IS_PROMPT: TRUE,
        TEXT: json.dumps(spec["messages"]) if is_chat else spec["template"],
        TYPE: spec["type"],
    }
    wanted = spec.get("extra", {}).get("response_format")
    return tags if wanted is None else tags | {RESPONSE_FORMAT: json.dumps(wanted)}


def require_same_kind(kind: str, value: str) -> None:
    """Return if setting the tag that makes a prompt changes nothing; raises InvalidInput."""
    if (kind == "prompt") != (value.lower() == TRUE):
        raise InvalidInput.of(
            IS_PROMPT, f"a {kind} stays a {kind}: the tag is set at creation only"
        )


def require_no_content(kind: str, key: str) -> None:
    """Return if a tag is not a part of a prompt's content, which no version ever changes."""
    if key == IS_PROMPT or (kind == "prompt" and key in CONTENT):
        raise InvalidInput.of(
            key, "is the content of the version, which never changes: register a new version"
        )
