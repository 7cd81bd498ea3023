"""Small charts, drawn here as SVG: a page needs no script to show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 240, 48, 4


@dataclass(frozen=True)
class Line:
    """A chart of values in their order; ``points`` is the attribute of a polyline, in units of
    WIDTH by HEIGHT. The base line is zero, or the least value if that is below."""

    title: str
    points: str
    last: str
    greatest: str
    width: int = WIDTH
    height: int = HEIGHT


def line(title: str, values: Sequence[float], *, unit: str = "") -> Line | None:
    """Return the chart, None where there is no value at all."""
    if not values:
        return None
    low, high = min(0.0, *values), max(values)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * MARGIN) / max(1, len(values) - 1)
    places = [
        (MARGIN + index * step, HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN))
        for index, value in enumerate(values)
    ]
    if len(places) == 1:
        places.append((WIDTH - MARGIN, places[0][1]))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return Line(title, points, told(values[-1], unit), told(high, unit))


def told(value: float, unit: str = "") -> str:
    """Return a number as a chart tells it: four digits, or whole and in groups of thousands."""
    return f"{value:,.4g}{unit}" if abs(value) < 1000 else f"{value:,.0f}{unit}"
