"""How far two samples of one feature lie apart: PSI, Kolmogorov-Smirnov and Jensen-Shannon.

Every measure is 0 for equal samples and grows with the distance. KS and JS end at 1; PSI has no
end. PSI and JS of numbers count in bins whose edges are quantiles of the baseline, so that each
holds about as much of it. SciPy is loaded when first needed, for it takes a second.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

BINS = 10
# Stands for a share of nothing: the logarithm of PSI has no value there. It is the usual choice,
# and bounds what one empty bin can add.
SMALLEST_SHARE = 1e-4


class NotComparable(ValueError):
    """The measure says nothing about these samples."""


def psi(baseline: Sequence[float], current: Sequence[float]) -> float:
    """Return the population stability index of two numeric samples: the sum over bins of
    (q - p) ln(q / p). Raises NotComparable for an empty sample."""
    return _psi(*_binned(baseline, current))


def psi_of_counts(baseline: Mapping[str, int], current: Mapping[str, int]) -> float:
    """Return the same for two counts of categories; those that one of them lacks count as 0."""
    return _psi(*_aligned(baseline, current))


def ks(baseline: Sequence[float], current: Sequence[float]) -> float:
    """Return the two-sample Kolmogorov-Smirnov statistic: the greatest distance between the two
    empirical distribution functions. Raises NotComparable for an empty sample."""
    _require_values(baseline, current)
    from scipy.stats import ks_2samp

    samples = [np.asarray(sample, float) for sample in (baseline, current)]
    # The statistic is the same under every method; the exact p-value, which nobody asks for, is
    # what takes long, and what fails for some samples.
    # The p-value, which nobody asks for, divides by zero for samples of one.
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(ks_2samp(*samples, method="asymp").statistic)


def js(baseline: Sequence[float], current: Sequence[float]) -> float:
    """Return the Jensen-Shannon distance, base 2, of two numeric samples in bins."""
    return _js(*_binned(baseline, current))


def js_of_counts(baseline: Mapping[str, int], current: Mapping[str, int]) -> float:
    """Return the same for two counts of categories."""
    return _js(*_aligned(baseline, current))


def counts_of(values: Sequence[str]) -> dict[str, int]:
    """Return how often each category stands in ``values``."""
    return dict(Counter(values))


def _require_values(*samples: Sequence[float]) -> None:
    for sample in samples:
        if not len(sample):
            raise NotComparable("an empty sample is like nothing")
        if not all(math.isfinite(value) for value in sample):
            raise NotComparable("a sample holds a number that is not finite")


def _binned(
    baseline: Sequence[float], current: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both samples' shares of the bins between the baseline's quantiles, open at both ends.

    Equal quantiles of a sample with many equal values fall together: there are fewer bins then.
    """
    _require_values(baseline, current)
    edges = np.unique(np.quantile(np.asarray(baseline, float), np.linspace(0, 1, BINS + 1)[1:-1]))
    if len(edges) == 1:
        # A value on an edge belongs to the bin below it. A constant baseline gets a bin of its
        # own, so that what has left it downwards is told too.
        edges = np.array([np.nextafter(edges[0], -np.inf), edges[0]])
    shares = []
    for sample in (baseline, current):
        places = np.searchsorted(edges, np.asarray(sample, float), side="left")
        shares.append(np.bincount(places, minlength=len(edges) + 1) / len(sample))
    return shares[0], shares[1]


def _aligned(
    baseline: Mapping[str, int], current: Mapping[str, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    names = sorted({*baseline, *current})
    totals = sum(baseline.values()), sum(current.values())
    if not all(totals):
        raise NotComparable("an empty sample is like nothing")
    shares = [
        np.array([counts.get(name, 0) for name in names], float) / total
        for counts, total in zip((baseline, current), totals, strict=True)
    ]
    return shares[0], shares[1]


def _psi(expected: NDArray[np.float64], actual: NDArray[np.float64]) -> float:
    in_use = (expected > 0) | (actual > 0)
    p = np.maximum(expected[in_use], SMALLEST_SHARE)
    q = np.maximum(actual[in_use], SMALLEST_SHARE)
    return float(np.sum((q - p) * np.log(q / p)))


def _js(expected: NDArray[np.float64], actual: NDArray[np.float64]) -> float:
    from scipy.spatial.distance import jensenshannon

    distance = float(jensenshannon(expected, actual, base=2))
    return 0.0 if math.isnan(distance) else distance  # rounding below zero, under its root
