"""Measures of drift and percentiles, against values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.measures import drift
from registry.measures.latency import percentile

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def test_psi_of_categories_is_the_sum_over_shares() -> None:
    # (0.3 - 0.5) ln(0.3 / 0.5) + (0.7 - 0.5) ln(0.7 / 0.5) = 0.2 ln(7 / 3)
    found = drift.psi_of_counts({"a": 50, "b": 50}, {"a": 3, "b": 7})

    assert found == pytest.approx(0.2 * math.log(7 / 3))


def test_psi_bounds_what_a_category_that_is_gone_adds() -> None:
    found = drift.psi_of_counts({"a": 1, "b": 1}, {"a": 2})

    assert found == pytest.approx(0.5 * math.log(2) + (1e-4 - 0.5) * math.log(1e-4 / 0.5))


def test_psi_of_numbers_counts_in_tenths_of_the_baseline() -> None:
    baseline = [float(value) for value in range(1, 101)]
    current = [value for value in baseline if value > 50]

    # Five tenths are empty, the five others hold a fifth each instead of a tenth.
    expected = 5 * 0.1 * math.log(2) + 5 * (1e-4 - 0.1) * math.log(1e-4 / 0.1)
    assert drift.psi(baseline, current) == pytest.approx(expected)


def test_ks_is_the_greatest_distance_of_the_distributions() -> None:
    assert drift.ks([1, 2, 3, 4], [3, 4, 5, 6]) == pytest.approx(0.5)
    assert drift.ks([1, 2], [3, 4]) == 1


def test_js_is_a_distance_between_nothing_and_one() -> None:
    assert drift.js_of_counts({"a": 1}, {"b": 1}) == pytest.approx(1)
    # Half the divergence of (1/2, 1/2) and (1, 0) from (3/4, 1/4), in bits; then its root.
    left = 0.5 * math.log2(0.5 / 0.75) + 0.5 * math.log2(0.5 / 0.25)
    right = math.log2(1 / 0.75)
    found = drift.js_of_counts({"a": 1, "b": 1}, {"a": 5})
    assert found == pytest.approx(math.sqrt((left + right) / 2))


def test_what_leaves_a_constant_baseline_is_told_in_either_direction() -> None:
    constant = [5.0] * 20

    assert drift.js(constant, [4.0] * 20) == pytest.approx(1)
    assert drift.js(constant, [6.0] * 20) == pytest.approx(1)


@given(NUMBERS)
def test_a_sample_has_not_drifted_from_itself(sample: list[float]) -> None:
    for measure in (drift.psi, drift.ks, drift.js):
        assert measure(sample, sample) == pytest.approx(0, abs=1e-7)


@given(NUMBERS, NUMBERS)
def test_every_measure_is_finite_and_in_its_range(left: list[float], right: list[float]) -> None:
    assert 0 <= drift.psi(left, right) < math.inf
    assert 0 <= drift.ks(left, right) <= 1
    assert 0 <= drift.js(left, right) <= 1 + 1e-9


@pytest.mark.parametrize("sample", [[], [math.nan], [math.inf]])
def test_an_empty_or_endless_sample_is_like_nothing(sample: list[float]) -> None:
    for measure in (drift.psi, drift.ks, drift.js):
        with pytest.raises(drift.NotComparable):
            measure([1.0], sample)
    with pytest.raises(drift.NotComparable):
        drift.psi_of_counts({"a": 1}, {})


def test_categories_are_counted() -> None:
    assert drift.counts_of(["b", "a", "b"]) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("counts", "share", "expected"),
    [
        ([10, 0, 0], 0.5, 50.0),
        ([50, 50, 0], 0.95, 190.0),
        ([0, 0, 5], 0.5, 200.0),
        ([0, 0, 0], 0.5, None),
    ],
)
def test_a_percentile_is_read_off_a_histogram(
    counts: list[int], share: float, expected: float | None
) -> None:
    assert percentile([100.0, 200.0], counts, share) == pytest.approx(expected)
