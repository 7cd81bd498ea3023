"""Text that is wholly in quotes, which regopy's `trim` takes off together with the cutset.

``trim("\\"Disabled\\"", " ")`` is ``Disabled`` in regopy and ``"Disabled"`` in OPA, so a rule
that trims before it compares would take one for the other. Such text is rare, and the functions
are common: where both meet, the embedded engine answers with an error.
"""

from __future__ import annotations

import re
from typing import Any

from policies.engines.base import Module

WHY = (
    "the input has a text that is wholly in quotes, and the policy calls trim: regopy would take "
    "the quotes off, and OPA would not"
)
_TRIMS = re.compile(r"\btrim(_left|_right)?\s*\(")
# Cutsets are of spaces and punctuation: what they leave starts and ends with a quote.
_WHOLLY = re.compile(r'[^\w"]*".*"[^\w"]*', re.DOTALL)
_ESCAPED_QUOTE = '\\"'


def calls_trim(module: Module) -> bool:
    """Whether the text of the policy calls one of the functions, or looks as if it did."""
    return _TRIMS.search(module.source) is not None


def has_wholly_quoted(document: dict[str, Any], *, text: str) -> bool:
    """Whether any text or key in the document is wholly in quotes; ``text`` is its JSON."""
    return _ESCAPED_QUOTE in text and _has(document)


def _has(value: object) -> bool:
    if isinstance(value, str):
        return '"' in value and _WHOLLY.fullmatch(value) is not None
    if isinstance(value, dict):
        return any(_has(key) or _has(member) for key, member in value.items())
    return isinstance(value, list) and any(_has(member) for member in value)
