"""Canonical JSON (RFC 8785, JCS) and SHA-256 digests."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import rfc8785

from core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
# Up to here UTF-16, by which RFC 8785 sorts keys, is in the order of the characters; behind it are
# the surrogates, which have no UTF-8, and characters that take two of them.
BEYOND = re.compile("[\ud800-\U0010ffff]")
# What RFC 8785 may write in another way than Python: every float, and integers of many digits.
# Finds more than those, inside of strings too; that costs time and changes nothing.
_NUMBER = r"-?(?:\d{16}|\d+[.e]|Infinity|NaN)"
UNSURE = (re.compile(f'":{_NUMBER}'), re.compile(rf"[\[,]{_NUMBER}"))
# Without a look for circles: in them the encoder goes too deep, like in what is nested too deep.
ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)
STARTS_A_NUMBER = frozenset("-0123456789IN")
JOURNAL_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
# The greatest integer that every JSON reader holds exactly (RFC 7493 section 2.2).
MAX_INTEGER = 2**53 - 1


def canonical_bytes(value: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value; raises InvalidInput when it has none.

    NaN, infinities, integers beyond 2^53 and lone surrogates have no canonical form.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise InvalidInput(f"The value has no canonical JSON form: {error}") from error


def canonical_json(value: Any) -> bytes:
    """Return the RFC 8785 form of a value that came out of JSON: its objects have texts as keys.

    The same bytes as ``canonical_bytes``, which only does what the standard library's encoder may
    do in another way. Raises as that does.
    """
    try:
        text = ENCODER.encode(value)
    except (ValueError, TypeError, RecursionError):
        return canonical_bytes(value)
    if (
        text[0] in STARTS_A_NUMBER
        or any(each.search(text) for each in UNSURE)
        or (not text.isascii() and BEYOND.search(text))
    ):
        return canonical_bytes(value)
    return text.encode()


def canonical_object(members: Mapping[str, bytes]) -> bytes:
    """Return the RFC 8785 form of an object by that of each member; names are ASCII."""
    written = (canonical_texts([name])[1:-1] + b":" + members[name] for name in sorted(members))
    return b"{" + b",".join(written) + b"}"


def canonical_pieces(value: Any) -> Iterator[bytes]:
    """Yield the RFC 8785 form of a large value that came out of JSON but for the iterators in it.

    An iterator stands for the list of its items, of which one at a time is in memory; they may lie
    in objects and lists, and not in each other's items.
    """
    match value:
        case dict():
            # The order of RFC 8785 section 3.2.3.
            keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
            yield b"{"
            for number, key in enumerate(keys):
                yield (b"," if number else b"") + canonical_json(key) + b":"
                yield from canonical_pieces(value[key])
            yield b"}"
        case list() | tuple():
            yield b"["
            for number, item in enumerate(value):
                yield b"," if number else b""
                yield from canonical_pieces(item)
            yield b"]"
        case Iterator():
            yield b"["
            for number, item in enumerate(value):
                yield (b"," if number else b"") + canonical_json(item)
            yield b"]"
        case _:
            yield canonical_json(value)


def canonical_texts(texts: Sequence[str]) -> bytes:
    """Return the RFC 8785 form of a list of texts, of which there is one way to write each."""
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()


def parse_canonical(text: str | bytes) -> Any:
    """Return the value that a canonical text spells: ``canonical_bytes`` gives the text again.

    RFC 8785 writes the double 1e16 without exponent; read as an integer it has no canonical form.
    """
    return json.loads(text, parse_int=_number)


def _number(digits: str) -> int | float:
    number = int(digits)
    return number if abs(number) <= MAX_INTEGER else float(digits)


def sha256(data: bytes) -> str:
    """Return the digest of ``data`` in the form ``sha256:<64 hex digits>``."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def canonical_digest(value: Any) -> str:
    """Return the digest of a JSON value's canonical form."""
    return sha256(canonical_bytes(value))


def is_digest(text: object) -> bool:
    """Tell whether ``text`` is a digest as this service writes them."""
    return isinstance(text, str) and DIGEST.match(text) is not None


def journal_bytes(payload: dict[str, Any]) -> bytes:
    """Return the canonical bytes of a journal payload (schema v1).

    Payloads are narrower than JSON, so that the standard library's encoder gives RFC 8785's
    bytes (a property test compares the two): keys are lower-case ASCII names, numbers are
    integers below 2^53, and there are no floats. Raises ValueError for anything else.
    """
    _require_journal_value(payload, "payload")
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def _require_journal_value(value: object, path: str) -> None:
    match value:
        case None | bool() | str():
            return
        case int() if abs(value) <= MAX_INTEGER:
            return
        case int():
            raise ValueError(f"{path}: integers stay below 2^53, got {value}")
        case dict():
            for key, member in value.items():
                _require_journal_key(key, path)
                _require_journal_value(member, f"{path}.{key}")
        case list() | tuple():
            for index, member in enumerate(value):
                _require_journal_value(member, f"{path}[{index}]")
        case _:
            raise ValueError(f"{path}: {type(value).__name__} has no place in a journal payload")


def _require_journal_key(key: object, path: str) -> None:
    if not isinstance(key, str) or not JOURNAL_KEY.match(key):
        raise ValueError(f"{path}: {key!r} is not a lower-case ASCII name")
