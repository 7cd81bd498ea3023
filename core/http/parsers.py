"""Read JSON bodies strictly."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections import Counter
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from core.errors import InvalidInput, TooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DEPTH = 64


class LimitedParser(BaseParser):
    """Reads a whole body of at most ``settings.MAX_BODY_BYTES``; subclasses decode it."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the decoded body; raises InvalidInput or TooLarge."""
        limit = settings.MAX_BODY_BYTES
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge(f"The body is over the limit of {limit} bytes.")
        return self.decode(raw)

    @abstractmethod
    def decode(self, raw: bytes) -> Any:
        """Return the value of the body; raises InvalidInput."""


class StrictJSONParser(LimitedParser):
    """Parses RFC 8259 JSON and refuses what two readers could understand differently.

    Duplicate keys, NaN and infinities, NUL characters, lone surrogates and documents nested
    deeper than 64 levels are errors; so is a body over ``settings.MAX_BODY_BYTES``.
    """

    media_type = "application/json"

    def decode(self, raw: bytes) -> Any:
        """Return the value of strict JSON."""
        return loads(raw)


def loads(raw: bytes) -> Any:
    """Return the value of strict JSON text; raises InvalidInput that says where it is wrong."""
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise InvalidInput(f"The body is not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(f"The body is not JSON: {error.msg} ({where}).") from error
    except RecursionError as error:
        raise InvalidInput(f"The body is nested deeper than {MAX_DEPTH} levels.") from error
    except ValueError as error:  # Python refuses to read integers of thousands of digits
        raise InvalidInput("The body holds a number of too many digits.") from error
    require_clean(value, "body")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = counts.most_common(1)[0][0]
        raise InvalidInput(f"The key {twice[:80]!r} stands twice in one object.")
    return result


def _no_constant(name: str) -> None:
    raise InvalidInput(f"{name} is not a JSON number.")


def require_clean(value: Any, path: str, *, depth: int = 0) -> None:
    """Raise InvalidInput for text that a database or another reader could not hold."""
    if depth > MAX_DEPTH:
        raise InvalidInput(f"The body is nested deeper than {MAX_DEPTH} levels.")
    match value:
        case str():
            _require_clean_text(value, path)
        case dict():
            for key, member in value.items():
                _require_clean_text(key, f"{path} (a key)")
                require_clean(member, key if path == "body" else f"{path}.{key}", depth=depth + 1)
        case list():
            for index, member in enumerate(value):
                require_clean(member, f"{path}[{index}]", depth=depth + 1)
        case float() if value in (float("inf"), float("-inf")):
            raise InvalidInput.of(path, "the number is too large")


def _require_clean_text(text: str, path: str) -> None:
    if "\x00" in text:
        raise InvalidInput.of(path, "contains a NUL character")
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise InvalidInput.of(path, "contains half of a surrogate pair") from None
