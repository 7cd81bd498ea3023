"""Percentiles of latency from a histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def percentile(bounds: Sequence[float], counts: Sequence[int], share: float) -> float | None:
    """Return the latency, in the unit of ``bounds``, that ``share`` of the requests stayed below.

    ``bounds`` are upper bounds of the buckets, rising; ``counts`` has one more, for what lay above
    the last. Inside a bucket the requests count as spread evenly. What lies above the last bound
    is told as that bound, the most that the histogram knows; None without requests.
    """
    total = sum(counts)
    if not total:
        return None
    wanted, below, lower = share * total, 0, 0.0
    for upper, count in zip(bounds, counts, strict=False):
        if count and below + count >= wanted:
            return lower + (upper - lower) * (wanted - below) / count
        below, lower = below + count, upper
    return float(bounds[-1])
