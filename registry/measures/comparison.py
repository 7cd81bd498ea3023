"""Compare two samples of paired numbers: difference, interval and test.

The statistics come from SciPy; it is loaded when first needed, for it takes half a second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_PAIRS = 10
RESAMPLES = 9_999
SEED = 20_240_229
# Resampling more rows than this one by one tells nothing that the normal law does not.
MAX_RESAMPLED = 5_000
TESTS = ("auto", "t", "wilcoxon")


@dataclass(frozen=True)
class Comparison:
    """What paired numbers say: ``difference`` is variant less baseline."""

    n: int
    baseline_mean: float
    variant_mean: float
    difference: float
    interval: tuple[float, float]
    interval_method: str
    test: str
    statistic: float | None
    p_value: float
    note: str = ""


def compare(
    baseline: Sequence[float],
    variant: Sequence[float],
    *,
    test: str = "auto",
    confidence: float = 0.95,
) -> Comparison:
    """Compare paired numbers. Raises ValueError for fewer than 10 pairs.

    "auto" takes McNemar's exact test where every number is 0 or 1, else the paired t-test, with
    the interval that belongs to it. "wilcoxon" takes the signed-rank test, with a bootstrap
    interval of the mean difference.
    """
    before, after = np.asarray(baseline, dtype=float), np.asarray(variant, dtype=float)
    if before.size < MIN_PAIRS:
        raise ValueError(f"there are {before.size} pairs; fewer than {MIN_PAIRS} show nothing")
    differences = after - before
    is_binary = bool(np.isin(before, (0.0, 1.0)).all() and np.isin(after, (0.0, 1.0)).all())
    if test == "auto" and is_binary:
        name, statistic, p_value = _mcnemar(differences)
        low, high, method = _bootstrap_of_three(differences, confidence)
    elif test == "wilcoxon":
        name, statistic, p_value = _wilcoxon(differences)
        low, high, method = _bootstrap(differences, confidence)
    else:
        name, statistic, p_value = _paired_t(differences)
        low, high, method = _t_interval(differences, confidence)
    return Comparison(
        n=int(before.size),
        baseline_mean=float(before.mean()),
        variant_mean=float(after.mean()),
        difference=float(differences.mean()),
        interval=(low, high),
        interval_method=method,
        test=name,
        statistic=statistic,
        p_value=p_value,
        note="" if differences.any() else "every pair is equal",
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for their number by Holm's step-down method (1979)."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def _mcnemar(differences: Any) -> tuple[str, float | None, float]:
    from scipy.stats import binomtest

    better, worse = int((differences > 0).sum()), int((differences < 0).sum())
    p_value = float(binomtest(better, better + worse, 0.5).pvalue) if better + worse else 1.0
    return "McNemar, exact", float(better), p_value


def _paired_t(differences: Any) -> tuple[str, float | None, float]:
    from scipy.stats import t

    error = _standard_error(differences)
    if error == 0:  # no spread: the same difference in every pair, or none in any
        return "paired t", None, 0.0 if differences.any() else 1.0
    statistic = float(differences.mean()) / error
    return "paired t", statistic, float(2 * t.sf(abs(statistic), differences.size - 1))


def _t_interval(differences: Any, confidence: float) -> tuple[float, float, str]:
    from scipy.stats import t

    half = float(t.ppf((1 + confidence) / 2, differences.size - 1)) * _standard_error(differences)
    mean = float(differences.mean())
    return mean - half, mean + half, "t"


def _standard_error(differences: Any) -> float:
    return float(differences.std(ddof=1)) / math.sqrt(differences.size)


def _wilcoxon(differences: Any) -> tuple[str, float | None, float]:
    from scipy.stats import wilcoxon

    if not differences.any():
        return "Wilcoxon signed-rank", None, 1.0
    found = wilcoxon(differences, zero_method="wilcox", method="auto")
    return "Wilcoxon signed-rank", float(found.statistic), float(found.pvalue)


def _bootstrap_of_three(differences: Any, confidence: float) -> tuple[float, float, str]:
    """Resample differences that are -1, 0 or 1 by their counts: exact, at any number of rows."""
    n = differences.size
    counts = [int((differences == value).sum()) for value in (-1, 0, 1)]
    drawn = np.random.default_rng(SEED).multinomial(n, [each / n for each in counts], RESAMPLES)
    return _percentiles((drawn[:, 2] - drawn[:, 0]) / n, confidence)


def _bootstrap(differences: Any, confidence: float) -> tuple[float, float, str]:
    if differences.size > MAX_RESAMPLED:
        return _t_interval(differences, confidence)
    random, n = np.random.default_rng(SEED), differences.size
    means = np.empty(RESAMPLES)
    for start in range(0, RESAMPLES, 100):  # a hundred at a time keeps memory small
        some = means[start : start + 100]
        some[:] = differences[random.integers(0, n, (some.size, n))].mean(axis=1)
    return _percentiles(means, confidence)


def _percentiles(means: Any, confidence: float) -> tuple[float, float, str]:
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high), f"bootstrap percentile, {RESAMPLES} resamples, seed {SEED}"
