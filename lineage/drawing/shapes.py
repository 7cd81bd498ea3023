"""What a layout takes in, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

WIDTH, HEIGHT = 216, 58
ACROSS, DOWN = 76, 18
# The band of a long edge that passes between nodes.
PASSING = 10
LANE_PADDING, LANE_TITLE = 16, 26
MARGIN = 16


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node to be placed: ``level`` is its signed distance from the root where that is known,
    ``lane`` the band that it belongs in, ``order`` what it is sorted by where nothing else says."""

    id: str
    level: int | None = None
    lane: str = ""
    order: str = ""


class Point(NamedTuple):
    """A place in units of the picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: its column and row, and the upper left corner of its box."""

    column: int
    row: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an edge from box to box; ``is_back`` tells that it leads against the columns,
    as one edge of each cycle must."""

    source: str
    target: str
    points: tuple[Point, ...]
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A lane: its name, upper edge and height."""

    name: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes, routes and lanes of a picture of ``width`` by ``height``."""

    places: dict[str, Place]
    routes: tuple[Route, ...]
    bands: tuple[Band, ...]
    width: float
    height: float


@dataclass(slots=True)
class Grid:
    """The graph while it is laid out: vertices as whole numbers, those that stand for the
    passage of a long edge behind the real ones; ``chains`` has the vertices along each edge."""

    lane: list[int]
    column: list[int]
    before: list[list[int]] = field(default_factory=list)
    after: list[list[int]] = field(default_factory=list)
    columns: list[list[int]] = field(default_factory=list)
    chains: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    real: int = 0
