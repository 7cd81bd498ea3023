"""The matrix of requests that do many things at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.rows import Row, row
from tests.factories import MODEL_SPEC

if TYPE_CHECKING:
    from tests.api.world import World

ROWS: tuple[Row, ...] = (
    row(
        "POST",
        "registry/versions/bulk/",
        "401 400 403 201 403 403 403 201 201",
        body=lambda world: {
            "workspace": world.dev.slug,
            "items": [{"kind": "model", "name": "first-of-many", "spec": MODEL_SPEC}],
        },
    ),
)


def furnish(world: World) -> None:
    """Add nothing: the requests name what every world has."""
