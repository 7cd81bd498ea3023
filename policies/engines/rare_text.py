"""What is rare in an input, and for which regopy's functions do something else than OPA's.

``trim("\\"Disabled\\"", " ")`` is ``Disabled`` in regopy and ``"Disabled"`` in OPA, and a Kelvin
sign is a ``k`` after OPA's ``lower`` alone: a rule that trims or folds before it compares would
take one for the other. Such text is rare and the functions are common, so where both meet the
embedded engine answers with an error, which never passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from policies.engines.advice import advice
from policies.engines.base import Module

QUOTES = (
    "the input has a text that is wholly in quotes, and the policy calls trim: regopy would take "
    "the quotes off, and OPA would not"
)
HUGE = (
    "the input has a number of over 18 digits, and the policy rounds: regopy would answer another "
    "number than OPA"
)
CASE = (
    "the input has a letter that OPA's lower or upper would make an ASCII one, and regopy's would "
    "not: guard the call, as the lint advises"
)
_TRIMS = re.compile(r"\btrim(_left|_right)?\s*\(")
_ROUNDS = re.compile(r"\b(ceil|floor|round)\s*\(")
_FOLDS = re.compile(r"\b(lower|upper)\s*\(")
# Cutsets are of spaces and punctuation: what they leave starts and ends with a quote.
_WHOLLY = re.compile(r'[^\w"]*".*"[^\w"]*', re.DOTALL)
_ESCAPED_QUOTE = '\\"'
# What Go's simple case mappings turn into ASCII: Kelvin sign, dotted I, dotless i, long s.
_FOLDING = re.compile("[\u212a\u0130\u0131\u017f]")


# What may be a number beyond 64 bits: by its digits, or by an exponent of two.
_LONG = re.compile(r"[:,\[]-?(\d{19}|\d[\d.]*[eE]\+?\d\d)")
_BEYOND = 2**63


def rare_text(document: Mapping[str, Any], *, text: str) -> frozenset[str]:
    """Return which of `QUOTES`, `CASE` and `HUGE` the document is about; ``text`` is its JSON."""
    found = set()
    if _LONG.search(text) and _has_huge(document):
        found.add(HUGE)
    if _ESCAPED_QUOTE in text and _any(document, _is_wholly_quoted):
        found.add(QUOTES)
    if not text.isascii() and _FOLDING.search(text) and _any(document, _folds_to_ascii):
        found.add(CASE)
    return frozenset(found)


def refusal(module: Module, rare: frozenset[str]) -> str:
    """Return why the policy cannot be asked about such a document; empty when it can."""
    if QUOTES in rare and _TRIMS.search(module.source):
        return QUOTES
    if HUGE in rare and _ROUNDS.search(module.source):
        return HUGE
    if CASE in rare and _FOLDS.search(module.source) and _is_unguarded(module):
        return CASE
    return ""


def _is_unguarded(module: Module) -> bool:
    return any("changes ASCII letters alone" in each.message for each in advice(module))


def _is_wholly_quoted(text: str) -> bool:
    return '"' in text and _WHOLLY.fullmatch(text) is not None


def _folds_to_ascii(text: str) -> bool:
    """Whether nothing but such letters keeps the text from being ASCII."""
    return _FOLDING.search(text) is not None and _FOLDING.sub("", text).isascii()


def _has_huge(value: object) -> bool:
    if isinstance(value, int | float):
        return abs(value) >= _BEYOND
    members = value.values() if isinstance(value, dict) else value
    return isinstance(members, Iterable) and any(
        _has_huge(each) for each in members if not isinstance(each, str)
    )


def _any(value: object, holds: Callable[[str], bool]) -> bool:
    if isinstance(value, str):
        return holds(value)
    if isinstance(value, dict):
        return any(holds(key) or _any(member, holds) for key, member in value.items())
    return isinstance(value, list) and any(_any(member, holds) for member in value)
