"""The strict reader of request bodies."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from core.errors import InvalidInput, TooLarge
from core.http.parsers import MAX_DEPTH, StrictJSONParser, loads

CLEAN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | CLEAN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(CLEAN, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_clean_json_is_read_as_it_is(value: Any) -> None:
    assert loads(json.dumps(value).encode()) == value


@given(st.binary(max_size=40))
def test_any_bytes_are_a_value_or_invalid_input(raw: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        json.dumps(loads(raw))


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "line 1, column 2"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b'{"a": 1, "b": 2, "a": 3}', "'a' stands twice"),
        (b'{"outer": {"a": 1, "a": 1}}', "'a' stands twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1e999}', "too large"),
        (b"9" * 5_000, "too many digits"),
        (b'{"a": "x\\u0000y"}', "NUL"),
        (b'{"a\\u0000": 1}', "NUL"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b"\xff\xfe", "UTF-8"),
        (nested(MAX_DEPTH + 2), "nested deeper"),
        (nested(100_000), "nested deeper"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_two_readers_could_read_differently_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        loads(raw)


def test_an_error_names_the_field_it_is_in() -> None:
    with pytest.raises(InvalidInput) as caught:
        loads(b'{"spec": {"card": ["fine", "no\\u0000t"]}}')

    assert caught.value.errors[0].field == "spec.card[1]"


def test_64_levels_are_fine() -> None:
    assert loads(nested(MAX_DEPTH)) is not None


def test_a_body_over_the_limit_is_not_even_parsed(settings: Settings) -> None:
    settings.MAX_BODY_BYTES = 10

    with pytest.raises(TooLarge, match="10 bytes"):
        StrictJSONParser().parse(io.BytesIO(b"[" * 11))
    assert StrictJSONParser().parse(io.BytesIO(b'"12345678"')) == "12345678"
