"""Prompts as MLflow's clients write them, in tags, and as ours are, in specs. Free of Django."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from core.http.parsers import loads
from registry.kinds.templates import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

IS_PROMPT = "mlflow.prompt.is_prompt"
TEXT = "mlflow.prompt.text"
TYPE = "_mlflow_prompt_type"
RESPONSE_FORMAT = "_mlflow_prompt_response_format"
TRUE = "true"
# What clients send for a source, which a prompt has none of.
PLACEHOLDERS = frozenset({"dummy-source", "prompt-template"})
# Tags that are a prompt's content: written once, and read from the spec.
CONTENT = frozenset({IS_PROMPT, TEXT, TYPE, RESPONSE_FORMAT})


def is_prompt(tags: Mapping[str, str]) -> bool:
    """Tell whether these tags make a prompt of what they are set on."""
    return tags.get(IS_PROMPT, "").lower() == TRUE


def spec_of(tags: Mapping[str, str]) -> dict[str, Any]:
    """Return the spec of the prompt version that ``tags`` spell; raises InvalidInput.

    The variables are those that the template names; clients declare no types, so each is a text.
    """
    text = tags.get(TEXT)
    if not text:
        raise InvalidInput.of("tags", f"a prompt version needs its template in the tag {TEXT}")
    spec: dict[str, Any]
    if tags.get(TYPE, "text") == "chat":
        messages = _messages(text)
        spec = {"type": "chat", "messages": messages}
        texts = [message["content"] for message in messages]
    else:
        spec, texts = {"type": "text", "template": text}, [text]
    names = sorted({name for part in texts for name in VARIABLE.findall(part)})
    if names:
        spec["variables"] = {name: {"type": "string"} for name in names}
    if RESPONSE_FORMAT in tags:
        spec["extra"] = {"response_format": loads(tags[RESPONSE_FORMAT].encode())}
    return spec


def _messages(text: str) -> list[dict[str, str]]:
    found = loads(text.encode())
    if not isinstance(found, list):
        raise InvalidInput.of("tags", f"the tag {TEXT} of a chat prompt must be a JSON list")
    messages = []
    for index, message in enumerate(found):
        if not isinstance(message, dict) or not isinstance(message.get("content"), str):
            path = f"tags ({TEXT})[{index}]"
            raise InvalidInput.of(path, "must be a message with role and content, both texts")
        messages.append({"role": message.get("role"), "content": message["content"]})
    return messages


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
