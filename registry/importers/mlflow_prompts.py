"""Prompts as MLflow writes them in tags, as specs of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from registry.kinds.templates import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

IS_PROMPT = "mlflow.prompt.is_prompt"
TEXT = "mlflow.prompt.text"
TYPE = "_mlflow_prompt_type"
RESPONSE_FORMAT = "_mlflow_prompt_response_format"
TRUE = "true"
# Tags that are a prompt's content: written once, and read from the spec.
CONTENT = frozenset({IS_PROMPT, TEXT, TYPE, RESPONSE_FORMAT})


def is_prompt(tags: Mapping[str, str]) -> bool:
    """Tell whether these tags make a prompt of what they are set on."""
    return tags.get(IS_PROMPT, "").lower() == TRUE


def spec_of(tags: Mapping[str, str], *, read: Callable[[bytes], Any]) -> dict[str, Any]:
    """Return the spec of the prompt version that ``tags`` spell; raises InvalidInput.

    The variables are those that the template names; clients declare no types, so each is a text.
    ``read`` reads JSON.
    """
    text = tags.get(TEXT)
    if not text:
        raise InvalidInput.of("tags", f"a prompt version needs its template in the tag {TEXT}")
    spec: dict[str, Any]
    if tags.get(TYPE, "text") == "chat":
        messages = _messages(read(text.encode()))
        spec = {"type": "chat", "messages": messages}
        texts = [message["content"] for message in messages]
    else:
        spec, texts = {"type": "text", "template": text}, [text]
    names = sorted({name for part in texts for name in VARIABLE.findall(part)})
    if names:
        spec["variables"] = {name: {"type": "string"} for name in names}
    if RESPONSE_FORMAT in tags:
        spec["extra"] = {"response_format": read(tags[RESPONSE_FORMAT].encode())}
    return spec


def _messages(found: Any) -> list[dict[str, str]]:
    if not isinstance(found, list):
        raise InvalidInput.of("tags", f"the tag {TEXT} of a chat prompt must be a JSON list")
    messages = []
    for index, message in enumerate(found):
        if not isinstance(message, dict) or not isinstance(message.get("content"), str):
            path = f"tags ({TEXT})[{index}]"
            raise InvalidInput.of(path, "must be a message with role and content, both texts")
        messages.append({"role": message.get("role"), "content": message["content"]})
    return messages
