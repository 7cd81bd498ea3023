"""The filter and order_by language, without a database."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from registry.mlflow.filters import Comparison, Entity, Ordering, parse_filter, parse_order

NAME, TAG = Entity.ATTRIBUTE, Entity.TAG


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = 'a'", (NAME, "name", "=", "a")),
        ('name = "a"', (NAME, "name", "=", "a")),
        ("  name\n!=\t'a'  ", (NAME, "name", "!=", "a")),
        ("name LIKE 'a%'", (NAME, "name", "LIKE", "a%")),
        ("name ilike '%A'", (NAME, "name", "ILIKE", "%A")),
        ("attribute.name = 'a'", (NAME, "name", "=", "a")),
        ("`name` = 'a'", (NAME, "name", "=", "a")),
        ("name IN ('a')", (NAME, "name", "IN", ("a",))),
        ("name in ('a', 'b')", (NAME, "name", "IN", ("a", "b"))),
        ("name NOT IN ('a','b')", (NAME, "name", "NOT IN", ("a", "b"))),
        ("name = 'it''s'", (NAME, "name", "=", "it's")),
        ("name = 'a AND b'", (NAME, "name", "=", "a AND b")),
        ("tags.team = 'a'", (TAG, "team", "=", "a")),
        ("tag.team = 'a'", (TAG, "team", "=", "a")),
        ("tags.mlflow.source.name = 'a'", (TAG, "mlflow.source.name", "=", "a")),
        ("tags.`a key / with: signs` = 'a'", (TAG, "a key / with: signs", "=", "a")),
        ("tags.\"quoted key\" LIKE 'a'", (TAG, "quoted key", "LIKE", "a")),
        ("tags.in = 'not'", (TAG, "in", "=", "not")),
    ],
)
def test_a_comparison_is_read(text: str, expected: tuple[Entity, str, str, str]) -> None:
    assert parse_filter(text) == (Comparison(*expected),)


def test_comparisons_are_joined_by_and_in_any_case() -> None:
    found = parse_filter("name = 'a' AND tags.b = 'c' and name LIKE 'd'")

    assert [one.value for one in found] == ["a", "c", "d"]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_filter_compares_nothing(text: str) -> None:
    assert parse_filter(text) == ()


def test_a_version_is_found_by_number_run_and_source() -> None:
    text = "version_number >= 3 AND run_id IN ('a') AND source_path LIKE 's3:%'"
    found = parse_filter(text, is_version=True)

    assert [one.key for one in found] == ["version_number", "run_id", "source_path"]
    assert found[0].value == 3


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name", "ends too early"),
        ("name = ", "ends too early"),
        ("name = 'a' AND", "ends too early"),
        ("name = 'a' OR name = 'b'", "column 12"),
        ("(name = 'a')", "column 1"),
        ("name = a", "column 8"),
        ("name = 'a", "column 8"),
        ("name IN ()", "column 10"),
        ("name = 'a'; DROP TABLE x", "column 11"),
        ("colour = 'red'", "Valid keys are name"),
        ("params.x = 'a'", "Invalid entity type 'params'"),
        ("name > 'a'", "Invalid comparator"),
        ("tags.a IN ('a')", "Invalid comparator"),
        ("name = 5", "quoted string"),
        ("name = 1.5", "whole"),
        ("run_id = 'a'", "Valid keys are name"),
        ("name = 'a'" + " AND name = 'a'" * 50, "more than 50"),
        ("name = '" + "a" * 10_000 + "'", "longer than"),
    ],
)
def test_another_text_is_refused_and_told_where_and_why(text: str, why: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_filter(text)

    assert why in refusal.value.detail


@pytest.mark.parametrize("value", ["'x'", "1.5", "99999999999999999999", "''"])
def test_a_number_is_compared_with_whole_numbers_only(value: str) -> None:
    with pytest.raises(InvalidInput):
        parse_filter(f"version_number = {value}", is_version=True)


@given(st.text(max_size=60))
def test_whatever_is_asked_is_either_read_or_refused(text: str) -> None:
    with suppress(InvalidInput):
        assert isinstance(parse_filter(text), tuple)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=50))
def test_any_value_survives_its_quoting(value: str) -> None:
    quoted = value.replace("'", "''")

    assert parse_filter(f"name = '{quoted}'")[0].value == value


def test_an_order_names_known_columns_once_each() -> None:
    assert parse_order(["name DESC", "creation_timestamp", "last_updated_timestamp asc"]) == (
        Ordering("name", is_descending=True),
        Ordering("creation_timestamp"),
        Ordering("last_updated_timestamp"),
    )
    assert parse_order(["version_number desc"], is_version=True)[0].is_descending
    for wrong in (["name", "name DESC"], ["version_number"], ["name sideways"], [""], ["name, x"]):
        with pytest.raises(InvalidInput):
            parse_order(wrong)
