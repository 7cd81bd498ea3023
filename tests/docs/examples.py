"""Read the runnable examples of a page in docs/: shell blocks, each with what it must print."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from console.bootstrap import ROOT

BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Example:
    """A shell block; `expected` is a part of the JSON document that it prints last."""

    command: str
    expected: dict[str, Any] | None = None


def examples(page: str) -> list[Example]:
    """Return the examples of `docs/<page>`, in order."""
    found: list[Example] = []
    for language, text in BLOCK.findall((ROOT / "docs" / page).read_text()):
        if language == "sh":
            found.append(Example(text))
        else:
            found[-1].expected = json.loads(text)
    return found


def last_document(printed: str) -> Any:
    """Return the last of the JSON documents that stand one behind the other in `printed`."""
    decoder, rest, document = json.JSONDecoder(), printed.strip(), None
    while rest:
        document, end = decoder.raw_decode(rest)
        rest = rest[end:].lstrip()
    return document
