"""From the scores of rows to the metrics of a result."""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING

from registry.measures.rows import NUMBERS
from registry.measures.text import compare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.measures.rows import Row

# Who computed it, as metrics name their evaluators; counted up when a number would change.
EVALUATOR = "muniment"
VERSION = "1"
TEXT_MEASURES = ("exact_match", "token_f1", "rouge1", "rouge2", "rouge_l")
COMPUTED = frozenset(TEXT_MEASURES) | frozenset(NUMBERS)
PERCENTILES = {"p50": 0.50, "p95": 0.95}


def scores_of(row: Row) -> dict[str, float]:
    """Return every number of a row: its own, and what we compute where there is a reference."""
    if row.output is None or not row.references:
        return dict(row.values)
    return compare(row.output, row.references) | row.values


class Aggregator:
    """Gathers the scores of rows, eight bytes each."""

    def __init__(self) -> None:
        self._values: dict[str, array[float]] = {}

    def add(self, scores: Mapping[str, float]) -> None:
        """Take the scores of one row in."""
        for name, value in scores.items():
            self._values.setdefault(name, array("d")).append(value)

    def coverage(self) -> dict[str, int]:
        """Return how many rows have each score."""
        return {name: len(values) for name, values in sorted(self._values.items())}

    def metrics(self) -> dict[str, float]:
        """Return the metrics: a mean under the score's own name, but for what rows only cost.

        Latency becomes mean, p50 and p95; tokens and cost become mean and total.
        """
        found: dict[str, float] = {}
        for name, values in sorted(self._values.items()):
            mean = math.fsum(values) / len(values)
            if name not in NUMBERS:
                found[name] = mean
                continue
            found[f"{name}_mean"] = mean
            if name == "latency_ms":
                ordered = sorted(values)
                for label, share in PERCENTILES.items():
                    found[f"{name}_{label}"] = quantile(ordered, share)
            else:
                found[f"{name}_total"] = math.fsum(values)
        return found


def quantile(ordered: list[float], share: float) -> float:
    """Return the quantile of ordered values, interpolated linearly (Hyndman and Fan's seventh)."""
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
