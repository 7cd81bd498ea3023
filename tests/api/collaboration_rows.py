"""The matrix of the addresses of collaborations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.rows import Row

if TYPE_CHECKING:
    from tests.api.world import World

ROWS: tuple[Row, ...] = ()


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
