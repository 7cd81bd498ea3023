"""Whether an answer of regopy says what it means.

Loaded by the child process beside `policies.engines.embedded_worker`, so the standard library is
all that it imports.
"""

from __future__ import annotations

import json
from typing import Any


def is_faithful(output: Any, value: Any) -> bool:
    """Whether the value that was read from the text of an answer is the one that was meant.

    Some functions (`trim`) give back text without its escapes, and regopy writes it so into its
    answer: a quote in an input could then end a string there, and what follows pass for a part of
    the verdict. The tree of the answer knows better.
    """
    try:
        json.loads(str(output), object_pairs_hook=unique)
        return has_shape(output.expressions(0).index(0), value)
    except (ValueError, KeyError, IndexError):
        return False


def has_shape(node: Any, value: Any) -> bool:
    """Whether the node has the very members of the value; raises `KeyError` or `IndexError`."""
    if not isinstance(value, dict | list):
        return True
    if len(node) != len(value):
        return False
    if isinstance(value, dict):
        return all(has_shape(node.lookup(key), member) for key, member in value.items())
    try:
        return all(has_shape(node.index(place), member) for place, member in enumerate(value))
    except TypeError:
        return True  # a set: its members have no places, and its number of members is right


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found
