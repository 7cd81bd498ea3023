"""Measures: against published numbers, SciPy, and sums done by hand."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.measures.aggregates import Aggregator, quantile
from registry.measures.comparison import compare, holm
from registry.measures.rows import Bounds, Row, RowProblem, read
from registry.measures.text import compare as compare_texts
from registry.measures.text import words

# Hours of additional sleep under two drugs (Student 1908), as in R's data set `sleep`.
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_the_paired_t_test_gives_students_numbers() -> None:
    found = compare(FIRST_DRUG, SECOND_DRUG)

    assert (found.n, found.test) == (10, "paired t")
    assert found.difference == pytest.approx(1.58)
    assert found.statistic == pytest.approx(4.0621, abs=1e-4)
    assert found.p_value == pytest.approx(0.002833, abs=1e-6)
    assert found.interval == pytest.approx((0.7001142, 2.4598858), abs=1e-6)


def test_wilcoxon_gives_scipys_numbers() -> None:
    from scipy.stats import wilcoxon

    expected = wilcoxon(np.subtract(SECOND_DRUG, FIRST_DRUG))

    found = compare(FIRST_DRUG, SECOND_DRUG, test="wilcoxon")

    assert found.statistic == expected.statistic
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.interval[0] < 1.58 < found.interval[1]
    assert "9999 resamples" in found.interval_method


def test_zeros_and_ones_are_compared_by_mcnemars_exact_test() -> None:
    # 15 pairs only the variant gets right, 5 only the baseline: 2 * P(X <= 5), X ~ Bin(20, 1/2).
    baseline = [0.0] * 15 + [1.0] * 5 + [1.0] * 30
    variant = [1.0] * 15 + [0.0] * 5 + [1.0] * 30

    found = compare(baseline, variant)

    assert found.test == "McNemar, exact"
    assert found.p_value == pytest.approx(2 * 21700 / 2**20)
    assert found.difference == pytest.approx(0.2)
    assert 0 < found.interval[0] < 0.2 < found.interval[1] < 0.4


def test_equal_samples_show_nothing_and_say_why() -> None:
    for test in ("auto", "t", "wilcoxon"):
        found = compare(FIRST_DRUG, FIRST_DRUG, test=test)

        assert found.p_value == 1.0
        assert found.note == "every pair is equal"


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="9 pairs"):
        compare(FIRST_DRUG[:9], SECOND_DRUG[:9])


def test_many_rows_are_compared_without_resampling_each() -> None:
    random = np.random.default_rng(1)
    baseline = random.normal(size=100_000)

    found = compare(
        list(baseline), list(baseline + random.normal(0.01, 1, 100_000)), test="wilcoxon"
    )

    assert found.interval_method == "t"


def test_holm_steps_down() -> None:
    # Holm 1979: 0.01 * 3, then 0.03 * 2, then max(0.06, 0.04 * 1).
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])


@given(st.lists(st.floats(0, 1), max_size=20))
def test_adjusting_never_makes_a_p_value_smaller_or_changes_their_order(raw: list[float]) -> None:
    adjusted = holm(raw)

    assert all(after >= before for before, after in zip(raw, adjusted, strict=True))
    assert all(after <= 1 for after in adjusted)
    by_raw = [adjusted[index] for index in sorted(range(len(raw)), key=lambda each: raw[each])]
    assert by_raw == sorted(by_raw)


def test_rouge_gives_the_numbers_of_the_usual_example() -> None:
    found = compare_texts(
        "The quick brown dog jumps on the log.", ["The quick brown fox jumps over the lazy dog"]
    )

    # 6 of 8 and 9 words shared; 2 of 7 and 8 pairs; 5 words in order.
    assert found["rouge1"] == pytest.approx(2 * (6 / 8) * (6 / 9) / (6 / 8 + 6 / 9))
    assert found["rouge2"] == pytest.approx(2 * (2 / 7) * (2 / 8) / (2 / 7 + 2 / 8))
    assert found["rouge_l"] == pytest.approx(2 * (5 / 8) * (5 / 9) / (5 / 8 + 5 / 9))
    assert found["exact_match"] == 0


def test_the_best_reference_counts_for_each_measure() -> None:
    found = compare_texts("red fish", ["one fish", "red fish", "blue"])

    assert set(found.values()) == {1.0}


def test_words_are_words_in_every_script_that_separates_them() -> None:
    moscow = "\u041c\u043e\u0441\u043a\u0432\u0430"
    full_width = "\uff21\uff22\uff23"

    found = words(f"Stra\u00dfe, {full_width} _x_ {moscow} 12!")

    assert found == ["strasse", "abc", "x", moscow.lower(), "12"]


@given(st.text(max_size=40), st.text(max_size=40))
def test_measures_stay_in_their_range_and_a_text_matches_itself(one: str, other: str) -> None:
    assert all(0 <= value <= 1 for value in compare_texts(one, [other]).values())
    assert compare_texts(one, [one])["exact_match"] == 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.sampled_from([0.5, 0.95]))
def test_quantiles_are_numpys(values: list[float], share: float) -> None:
    expected = float(np.quantile(values, share))

    assert quantile(sorted(values), share) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_costs_are_summed_exactly() -> None:
    totals = Aggregator()
    for _ in range(10):
        totals.add({"cost": 0.1})

    assert totals.metrics() == {"cost_mean": 0.1, "cost_total": 1.0}


def rows_of(text: bytes, rows_format: str = "jsonl", **metrics: Bounds) -> list[Any]:
    return list(read(io.BytesIO(text), rows_format=rows_format, metrics=metrics))


@pytest.mark.parametrize(
    ("text", "rows_format", "column", "reason"),
    [
        (b'{"id": "a", "id": "b"}', "jsonl", "", "stands twice"),
        (b'{"id": true}', "jsonl", "id", "1 to 200"),
        (b'{"id": "a", "g": 1.5}', "jsonl", "g", "above 1"),
        (b'{"id": "a", "g": "1_0"}', "jsonl", "g", "finite number"),
        (b'{"id": "a", "cost": 1e999}', "jsonl", "cost", "finite number"),
        (b'{"id": "a", "output": "\\ud800"}', "jsonl", "output", "surrogate"),
        (b'{"id": "a", "reference": [["x"]]}', "jsonl", "reference", "text"),
        (b'{"id": "a", "metrics": {"g": 1}, "g": 1}', "jsonl", "g", "twice"),
        (b'{"id": "\xff"}', "jsonl", "", "not JSON"),
        (b"[" * 100_000, "jsonl", "", "not JSON"),
        (b"id,id\n1,2\n", "csv", "", "once"),
        (b'id,g\n"a,1\n', "csv", "", "not CSV"),
        (b"id,g\n\xff,1\n", "csv", "", "UTF-8"),
        (b"id,g\na,nan\n", "csv", "g", "finite number"),
        (b'{"id": "a"' + b" " * (1024 * 1024), "jsonl", "", "over"),
    ],
)
def test_what_is_wrong_with_a_row_is_told(
    text: bytes, rows_format: str, column: str, reason: str
) -> None:
    (found,) = rows_of(text, rows_format, g=Bounds(0, 1))

    assert isinstance(found, RowProblem)
    assert found.column == column
    assert reason in found.reason


def test_a_byte_order_mark_and_empty_lines_do_no_harm() -> None:
    found = rows_of(b'\xef\xbb\xbf{"id": 1}\r\n\r\n{"id": 2}\r\n')

    assert [(row.key, row.line) for row in found] == [("1", 1), ("2", 3)]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
COLUMNS = st.sampled_from(["id", "output", "reference", "metrics", "cost", "g", "input"])


@given(st.lists(st.dictionaries(COLUMNS, JSON, max_size=4) | JSON, max_size=4))
def test_whatever_comes_is_a_row_or_a_problem(told: list[Any]) -> None:
    text = "\n".join(json.dumps(each) for each in told).encode("utf-8", "surrogatepass")

    found = rows_of(text, g=Bounds())

    assert len(found) == len(told)
    assert all(isinstance(each, Row | RowProblem) for each in found)


@given(st.binary(max_size=200), st.sampled_from(["jsonl", "csv"]))
def test_no_bytes_make_the_reader_fail(text: bytes, rows_format: str) -> None:
    assert all(isinstance(each, Row | RowProblem) for each in rows_of(text, rows_format))


def test_numbers_of_which_no_sum_exists_are_told_where_they_stand() -> None:
    (problem,) = rows_of(b'{"id": "1", "latency_ms": 1e308}\n')

    assert (problem.line, problem.column, problem.reason) == (1, "latency_ms", "is beyond 1e+100")
