"""The matrix of the addresses of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.services.imports import work
from registry.services.imports.orders import Order
from tests.api.rows import SIGNED_IN, Row, row

if TYPE_CHECKING:
    from tests.api.world import World

LIST = "kind,name,spec.type,spec.template\nprompt,listed,text,Say hello.\n"

ROWS: tuple[Row, ...] = (
    row("GET", "registry/imports/", SIGNED_IN),
    row(
        "POST",
        "registry/imports/",
        "401 400 403 202 403 403 403 202 202",
        body=lambda world: {"format": "csv", "workspace": world.dev.slug, "content": LIST},
    ),
    # The author of the matrix asked for it.
    row(
        "GET",
        "registry/imports/<uuid:uuid>/",
        "401 404 404 200 404 404 404 404 200",
        "import",
    ),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    order = Order(format="csv", workspace=world.dev.slug, content=LIST)
    world.at["import"] = work.request(actor=world.actors["author"], order=order).uuid
