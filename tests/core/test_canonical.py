"""Canonical JSON and digests."""

from __future__ import annotations

import math
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.canonical import (
    MAX_INTEGER,
    canonical_bytes,
    canonical_digest,
    canonical_json,
    canonical_pieces,
    canonical_texts,
    is_digest,
    journal_bytes,
    parse_canonical,
    sha256,
)
from core.errors import InvalidInput

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JOURNAL_KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)
JOURNAL_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(JOURNAL_KEYS, inner, max_size=4),
    max_leaves=12,
)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(JOURNAL_KEYS, JOURNAL_VALUES, max_size=6))
def test_journal_bytes_are_rfc_8785_bytes(payload: dict[str, Any]) -> None:
    assert journal_bytes(payload) == rfc8785.dumps(payload)


@given(JSON_VALUES)
def test_what_the_standard_library_writes_is_the_canonical_form(value: Any) -> None:
    assert canonical_json(value) == canonical_bytes(value)


@pytest.mark.parametrize(
    "value",
    [1e16, 1e-7, [1e22], {"a": -0.0}, [-1.5], 2**53 - 1, {"\U0001f600": 1, "\ufb33": 2}, "\x7f\b"],
)
def test_what_the_two_write_differently_is_written_canonically(value: Any) -> None:
    assert canonical_json(value) == canonical_bytes(value)


@pytest.mark.parametrize("value", [2**53, [math.inf], "\ud800", {"a": math.nan}])
def test_what_has_no_canonical_form_has_none_either_way(value: Any) -> None:
    with pytest.raises(InvalidInput):
        canonical_json(value)


@given(st.lists(TEXT))
def test_texts_have_one_canonical_form(texts: list[str]) -> None:
    assert canonical_texts(texts) == canonical_bytes(texts)


@given(JSON_VALUES)
def test_canonical_form_is_stable_through_a_round_trip(value: Any) -> None:
    once = canonical_bytes(value)

    assert canonical_bytes(parse_canonical(once)) == once


@pytest.mark.parametrize(
    "value",
    [
        {"number": 1.5},
        {"Upper": 1},
        {"with-dash": 1},
        {"ümlaut": 1},
        {"": 1},
        {1: "a number as key"},
        {"big": MAX_INTEGER + 1},
        {"bytes": b"x"},
        {"deep": [{"fine": {"Bad": 1}}]},
    ],
)
def test_what_is_outside_the_journals_schema_is_an_error(value: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="payload"):
        journal_bytes(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**53, {"a": "\ud800"}])
def test_values_without_a_canonical_form_are_invalid_input(value: Any) -> None:
    with pytest.raises(InvalidInput):
        canonical_bytes(value)


def test_key_order_and_spelling_of_numbers_do_not_change_a_digest() -> None:
    assert canonical_digest({"b": 1, "a": 1e2}) == canonical_digest({"a": 100, "b": 1.0})


def test_a_digest_is_the_sha256_of_the_bytes() -> None:
    # FIPS 180-2, appendix B.1.
    known = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    assert sha256(b"abc") == known
    assert is_digest(known)


@pytest.mark.parametrize(
    "text",
    ["", "sha256:", "sha256:" + "g" * 64, "sha256:" + "A" * 64, "sha256:" + "a" * 64 + "\n", None],
)
def test_anything_else_is_no_digest(text: object) -> None:
    assert not is_digest(text)


@given(st.dictionaries(TEXT, st.lists(JSON_VALUES, max_size=4), max_size=5))
def test_a_large_document_is_written_as_a_small_one(value: dict[str, list[Any]]) -> None:
    streamed = {key: iter(items) for key, items in value.items()}

    assert b"".join(canonical_pieces({"of": [streamed]})) == canonical_bytes({"of": [value]})
