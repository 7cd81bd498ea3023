"""The one form in which an input document reaches an engine.

Engines read JSON with different parsers. What they could read differently is refused here, and
the rest is written anew with the fewest escapes: regopy counts and compares the characters of an
escape, not the one that it stands for.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from policies.engines.base import InvalidInput

MAX_INPUT_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 64
# Where none of these stands in ASCII text, every string is portable.
_UNUSUAL = re.compile(r"\\[ubf]")
_SPACED = re.compile(r'"\s+:')
# regopy takes what stands for them apart, letter by letter. The three that prose has are kept.
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f]")


class Portable(str):
    """A JSON text that `parse_input` would take: made of parts that it took before."""

    __slots__ = ()


def require_input(text: str) -> None:
    """Raise `InvalidInput` as `parse_input` does, without reading again what is `Portable`."""
    if type(text) is not Portable:
        parse_input(text)


def is_unusual(text: str) -> bool:
    """Whether a JSON text has characters, or escapes of some, that not every engine takes."""
    return not text.isascii() or ("\\" in text and _UNUSUAL.search(text) is not None)


def parse_input(text: str) -> dict[str, Any]:
    """The document as Python values.

    Raises `InvalidInput` for anything but one JSON object (RFC 8259) with unique keys, finite
    numbers, valid Unicode without control characters but tab, line feed and carriage return, at
    most `MAX_DEPTH` levels and `MAX_INPUT_BYTES` bytes.
    """
    if len(text) > MAX_INPUT_BYTES:
        raise InvalidInput(f"input: {len(text)} characters, at most {MAX_INPUT_BYTES} are taken")
    value = _loaded(text)
    if not is_unusual(text):
        keys = _require_shallow(value, depth=1)
        # Each key stands before a colon; strings may add to that count, and nothing takes from it
        # but space in between. So where it is that of the keys left, no key stood twice.
        if keys != text.count('":') or _SPACED.search(text):
            _loaded(text, object_pairs_hook=_unique_keys)
    else:
        _require_portable(value, depth=1)
        _loaded(text, object_pairs_hook=_unique_keys)
    return value


def _loaded(text: str, **options: Any) -> dict[str, Any]:
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite, **options)
    except InvalidInput:
        raise
    except RecursionError as error:
        raise InvalidInput(f"input: nested deeper than {MAX_DEPTH} levels") from error
    except ValueError as error:
        raise InvalidInput(f"input: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidInput("input: must be one JSON object")
    return value


def unescaped_json(document: dict[str, Any]) -> str:
    """The document as JSON in which every character that may stand for itself does."""
    return json.dumps(document, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def _require_shallow(value: dict[str, Any] | list[Any], *, depth: int) -> int:
    """Return how many keys there are inside."""
    if depth > MAX_DEPTH:
        raise InvalidInput(f"input: nested deeper than {MAX_DEPTH} levels")
    keys, members = (len(value), value.values()) if isinstance(value, dict) else (0, value)
    for member in members:
        if isinstance(member, dict | list):
            keys += _require_shallow(member, depth=depth + 1)
    return keys


def _require_portable(value: object, *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InvalidInput(f"input: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        _require_text(value)
    elif isinstance(value, dict):
        for key, member in value.items():
            _require_text(key)
            _require_portable(member, depth=depth + 1)
    elif isinstance(value, list):
        for member in value:
            _require_portable(member, depth=depth + 1)


def _require_text(text: str) -> None:
    if "\0" in text:
        raise InvalidInput("input: a string contains a NUL character")
    if not text.isprintable() and (found := _CONTROL.search(text)):
        raise InvalidInput(f"input: a string contains the control character {found[0]!r}")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidInput("input: a string contains half of a surrogate pair")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InvalidInput(f"input: the key {twice!r} stands twice in one object")
    return document


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InvalidInput("input: a number is too large")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidInput(f"input: {name} is not JSON")
