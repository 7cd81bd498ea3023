"""YAML that means JSON."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.plain_yaml import dumps, loads

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
@example("08")
@example("1e5")
@example("no")
@example("2024-01-01")
@example("12:30:45")
@example("0x1F")
@example("=")
@example("<<")
@example({"~": "null", "": ".nan"})
@example("first line\n  second, indented\n\nlast\n")
@example("trailing \nspaces")
@example("\nleading break")
@example("tab\n\tindented")
@example("\x85\u2028\ufeff")
@example([[], {}, [[]], {"a": {}}])
def test_what_is_written_is_read_back_exactly(value: Any) -> None:
    assert loads(dumps(value)) == value


def test_equal_objects_are_written_out_each_time() -> None:
    shared = {"a": [1, 2]}

    assert loads(dumps([shared, shared])) == [shared, shared]
    assert "&" not in dumps([shared, shared])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on: off", {"on": "off"}),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("true", True),
        ("~", None),
        ("a:", {"a": None}),
        ("0o17", 15),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("# only a comment\na: 1", {"a": 1}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ('{"json": [1, null, "x"]}', {"json": [1, None, "x"]}),
        ("a: <<", {"a": "<<"}),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: Any) -> None:
    assert loads(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x 1\nb: *x", "Anchors"),
        ("a: *x", "Anchors"),
        ("!!python/object:os.system {}", "Tags"),
        ("a: !!str 5", "Tags"),
        ("a: 1\na: 2", "twice"),
        ("1: a", "key must be a text"),
        ("[a]: b", "key must be a text"),
        ("null: b", "key must be a text"),
        ("a: .inf", "not a JSON number"),
        ("a: 1e999", "too large"),
        ("a: " + "9" * 5_000, "too many digits"),
        ("a: 1\n---\nb: 2", "exactly one"),
        ("", "exactly one"),
        ("a: [1", "not YAML"),
        ("a: b: c", "line 1, column"),
        ("\x00", "not YAML"),
        ('"\\0"', "NUL"),
        ("[" * 65 + "]" * 65, "64 levels"),
    ],
    ids=lambda text: text[:20],
)
def test_what_other_readers_could_understand_otherwise_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        loads(text)


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(InvalidInput, match="not YAML"):
        loads(b"a: \xff\xfe\xfd")


def test_a_megabyte_of_brackets_or_of_text_is_answered_soon() -> None:
    started = time.monotonic()
    with pytest.raises(InvalidInput):
        loads("[" * 1_000_000)
    assert len(loads(dumps({"a": "word " * 200_000}))["a"]) == 1_000_000
    assert time.monotonic() - started < 5
