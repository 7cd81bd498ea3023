"""Charts of several lines over one axis, drawn here as SVG: a page needs no script for them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.charts import told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WIDTH, HEIGHT, MARGIN = 360, 120, 6
# Lines with few points show each of them.
MARKED = 30
COLOURS = 5


@dataclass(frozen=True)
class Drawn:
    """One line: ``number`` chooses its colour, ``marks`` are its points with what they tell."""

    label: str
    number: int
    points: str
    marks: list[tuple[str, str, str]]
    last: str


@dataclass(frozen=True)
class Plot:
    """Lines over one axis, with the ends of both axes; in units of ``width`` by ``height``."""

    title: str
    lines: list[Drawn]
    low: str
    high: str
    first: str
    last: str
    width: int = WIDTH
    height: int = HEIGHT


def plot(
    title: str,
    lines: Mapping[str, Sequence[tuple[float, float]]],
    *,
    places: Callable[[float], str] = told,
) -> Plot | None:
    """Return the chart of lines of (place, value) by their label, None where nothing can be drawn.

    Values that are no finite numbers are left out. ``places`` tells a place in words.
    """
    finite = {
        label: sorted((x, y) for x, y in points if math.isfinite(y))
        for label, points in lines.items()
    }
    everything = [point for points in finite.values() for point in points]
    if not everything:
        return None
    first, last = min(x for x, _ in everything), max(x for x, _ in everything)
    low, high = min(y for _, y in everything), max(y for _, y in everything)
    across = (WIDTH - 2 * MARGIN) / ((last - first) or 1.0)
    # The halves keep the difference of two huge values a number.
    span = (high / 2 - low / 2) or 1.0
    upwards = HEIGHT - 2 * MARGIN

    def place(x: float, y: float) -> tuple[str, str]:
        height = (y / 2 - low / 2) / span if high > low else 0.5
        return f"{MARGIN + (x - first) * across:.1f}", f"{HEIGHT - MARGIN - height * upwards:.1f}"

    drawn = [
        _drawn(
            label,
            number % COLOURS + 1,
            [(*place(x, y), x, y) for x, y in finite[label]],
            places=places,
        )
        for number, label in enumerate(finite)
        if finite[label]
    ]
    return Plot(title, drawn, told(low), told(high), places(first), places(last))


def _drawn(
    label: str,
    number: int,
    points: Sequence[tuple[str, str, float, float]],
    *,
    places: Callable[[float], str],
) -> Drawn:
    marked = points if len(points) <= MARKED else points[-1:]
    return Drawn(
        label,
        number,
        " ".join(f"{x},{y}" for x, y, _, _ in points),
        [(x, y, f"{label}: {told(value)} at {places(step)}") for x, y, step, value in marked],
        told(points[-1][3]),
    )


@dataclass(frozen=True)
class Interval:
    """Where a difference and its interval stand about zero, in units of ``width``."""

    zero: float
    low: float
    high: float
    middle: float
    width: int = 160

    @property
    def length(self) -> float:
        """Return how long the interval is."""
        return self.high - self.low


def interval(middle: float, low: float, high: float) -> Interval:
    """Return the drawing of an interval, with zero in the middle."""
    widest = max(abs(low), abs(high), abs(middle)) or 1.0
    half = Interval.width / 2

    def place(value: float) -> float:
        return round(half + value / widest * (half - MARGIN), 1)

    return Interval(half, place(low), place(high), place(middle))
