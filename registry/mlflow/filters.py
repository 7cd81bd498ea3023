"""MLflow's filter and order_by language, parsed. Free of Django.

A filter is comparisons joined by AND: ``name LIKE 'a%' AND tags.`team` = 'x'``. Source of the
language: the documentation of ``MlflowClient.search_registered_models`` and
``search_model_versions`` (3.17).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_FILTER = 10_000
MAX_COMPARISONS = 50
MAX_INTEGER = 2**63 - 1

GRAMMAR = r"""
    ?start: comparison ("AND"i comparison)*    -> filter
    comparison: KEY COMPARATOR value           -> single
              | KEY [NOT] "IN"i texts          -> member
    texts: "(" STRING ("," STRING)* ")"
    value: STRING | INTEGER | DECIMAL

    KEY: /(?:[A-Za-z_]+\.)?(?:`[^`]+`|"[^"]+")|[A-Za-z_][\w.]*/
    NOT.2: /not\b/i
    COMPARATOR.2: /!=|<=|>=|=|<|>|i?like\b/i
    STRING: /'(?:[^']|'')*'|"[^"]*"/
    INTEGER: /-?[0-9]{1,19}(?![0-9.])/
    DECIMAL: /-?[0-9]*\.[0-9]+/
    %ignore /\s+/
"""
ORDER = re.compile(r"(?P<key>\S+)(?:\s+(?P<direction>asc|desc))?\Z", re.IGNORECASE)
TAG_ENTITIES = frozenset({"tag", "tags"})
ATTRIBUTE_ENTITIES = frozenset({"attribute", "attributes"})


class Entity(StrEnum):
    """What a comparison looks at."""

    ATTRIBUTE = "attribute"
    TAG = "tag"


@dataclass(frozen=True)
class Comparison:
    """One comparison: ``value`` is a text, a whole number, or the texts of a list."""

    entity: Entity
    key: str
    comparator: str
    value: str | int | tuple[str, ...]


@dataclass(frozen=True)
class Ordering:
    """One column to order by."""

    key: str
    is_descending: bool = False


TEXT = frozenset({"=", "!=", "LIKE", "ILIKE"})
LISTED = TEXT | {"IN", "NOT IN"}
NUMERIC = frozenset({"=", "!=", "<", "<=", ">", ">="})
MODEL_ATTRIBUTES: Mapping[str, frozenset[str]] = {"name": LISTED}
VERSION_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "name": LISTED,
    "run_id": LISTED,
    "source_path": TEXT,
    "version_number": NUMERIC,
}
MODEL_ORDERS = ("name", "creation_timestamp", "last_updated_timestamp")
VERSION_ORDERS = ("name", "version_number", "creation_timestamp", "last_updated_timestamp")


class _Reader(Transformer[Token, tuple[Comparison, ...]]):
    """Turns the parse tree into comparisons."""

    def filter(self, found: list[Comparison]) -> tuple[Comparison, ...]:
        return tuple(found)

    def single(self, parts: list[Any]) -> Comparison:
        key, comparator, value = parts
        entity, name = _key(str(key))
        return Comparison(entity, name, str(comparator).upper(), value)

    def member(self, parts: list[Any]) -> Comparison:
        key, negation, values = parts
        entity, name = _key(str(key))
        return Comparison(entity, name, "NOT IN" if negation else "IN", values)

    def texts(self, tokens: list[Token]) -> tuple[str, ...]:
        return tuple(_text(token) for token in tokens)

    def value(self, tokens: list[Token]) -> str | int:
        token = tokens[0]
        if token.type == "DECIMAL":
            raise InvalidInput.of("filter", f"Invalid value {str(token)[:40]}: numbers are whole")
        return int(token) if token.type == "INTEGER" else _text(token)


_PARSER = Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)


def _text(token: str) -> str:
    inner = str(token)[1:-1]
    return inner.replace("''", "'") if token[0] == "'" else inner


def _key(text: str) -> tuple[Entity, str]:
    """Return what a key names: ``tags.x`` a tag, ``attribute.x`` and ``x`` an attribute."""
    first, dot, rest = ("", "", text) if text[0] in '`"' else text.partition(".")
    if not dot:
        return Entity.ATTRIBUTE, (rest or first).strip('`"')
    if first.lower() in TAG_ENTITIES:
        return Entity.TAG, rest.strip('`"')
    if first.lower() in ATTRIBUTE_ENTITIES:
        return Entity.ATTRIBUTE, rest.strip('`"')
    raise InvalidInput.of(
        "filter", f"Invalid entity type '{first}'. Valid entity types are attribute, tag, tags"
    )


@lru_cache(maxsize=1024)
def parse_filter(text: str, *, is_version: bool = False) -> tuple[Comparison, ...]:
    """Return the comparisons of a filter on models, or on versions; empty for an empty filter.

    Raises InvalidInput that says where and why the text is no such filter.
    """
    if not text.strip():
        return ()
    if len(text) > MAX_FILTER:
        raise InvalidInput.of("filter", f"is longer than {MAX_FILTER} characters")
    try:
        tree = _PARSER.parse(text)
        found = _Reader().transform(tree)
    except UnexpectedInput as error:
        raise _unreadable(text, error) from error
    except VisitError as error:
        if isinstance(error.orig_exc, InvalidInput):
            raise error.orig_exc from error
        raise
    if len(found) > MAX_COMPARISONS:
        raise InvalidInput.of("filter", f"has more than {MAX_COMPARISONS} comparisons")
    attributes = VERSION_ATTRIBUTES if is_version else MODEL_ATTRIBUTES
    return tuple(_checked(comparison, attributes) for comparison in found)


def _unreadable(text: str, error: UnexpectedInput) -> InvalidInput:
    is_at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    near, place = text[-40:], "it ends too early"
    if not is_at_end:
        start = getattr(error, "pos_in_stream", None) or 0
        near, place = text[start : start + 40], f"column {start + 1}"
    reason = f"Invalid clause(s) in filter string: {near!r} ({place})"
    return InvalidInput.of("filter", reason)


def _checked(comparison: Comparison, attributes: Mapping[str, frozenset[str]]) -> Comparison:
    key, comparator = comparison.key, comparison.comparator
    if comparison.entity is Entity.TAG:
        allowed = TEXT
    elif key in attributes:
        allowed = attributes[key]
    else:
        known = ", ".join(attributes)
        raise InvalidInput.of(
            "filter", f"Invalid attribute key '{key}' specified. Valid keys are {known}"
        )
    if comparator not in allowed:
        raise InvalidInput.of("filter", f"Invalid comparator for {key}: {comparator}")
    if allowed is NUMERIC:
        return _numeric(comparison)
    if isinstance(comparison.value, int):
        raise InvalidInput.of("filter", f"Expected a quoted string value for {key}")
    return comparison


def _numeric(comparison: Comparison) -> Comparison:
    value = comparison.value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or abs(value) > MAX_INTEGER:
        raise InvalidInput.of(
            "filter", f"Invalid value for numeric attribute '{comparison.key}': {value!r}"
        )
    return Comparison(comparison.entity, comparison.key, comparison.comparator, value)


def parse_order(texts: Sequence[str], *, is_version: bool = False) -> tuple[Ordering, ...]:
    """Return the columns that ``order_by`` names; raises InvalidInput for another or a repeated
    one."""
    known = VERSION_ORDERS if is_version else MODEL_ORDERS
    found: list[Ordering] = []
    for text in texts:
        match = ORDER.match(text.strip())
        key = match["key"].removeprefix("attribute.").strip('`"') if match else text[:100]
        if match is None or key not in known:
            raise InvalidInput.of(
                "order_by",
                f"Invalid order by key '{key}' specified. Valid keys are {', '.join(known)}",
            )
        if any(key == earlier.key for earlier in found):
            raise InvalidInput.of("order_by", f"contains duplicate fields: {key}")
        found.append(Ordering(key, (match["direction"] or "").lower() == "desc"))
    return tuple(found)
