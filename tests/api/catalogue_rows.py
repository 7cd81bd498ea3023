"""The matrix of the addresses of catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.rows import SIGNED_IN, Row, row

if TYPE_CHECKING:
    from tests.api.world import World

ROWS: tuple[Row, ...] = (
    row("GET", "registry/catalogue/", SIGNED_IN),
    row("GET", "registry/catalogue/facets/", SIGNED_IN),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
