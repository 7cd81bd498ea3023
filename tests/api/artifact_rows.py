"""The matrix of the addresses of artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.rows import SIGNED_IN, WHO_SEES_IT, Row, row
from tests.factories import administrator, make_model, make_upload

if TYPE_CHECKING:
    from tests.api.world import World

# The author's own: nobody else may even know of it.
THE_AUTHORS = "401 404 404 200 404 404 404 404 404"

ROWS: tuple[Row, ...] = (
    row("GET", "registry/uploads/", SIGNED_IN),
    row(
        "POST",
        "registry/uploads/",
        "401 400 403 201 403 403 403 201 201",
        body=lambda world: {"workspace": world.dev.slug, "size": 10},
    ),
    row("GET", "registry/uploads/<uuid:uuid>/", THE_AUTHORS, "upload"),
    row(
        "PUT",
        "registry/uploads/<uuid:uuid>/content/",
        THE_AUTHORS,
        "upload",
        body=lambda world: {"any": "bytes"},
    ),
    row("GET", "registry/versions/<uuid:uuid>/artifacts/", WHO_SEES_IT, "stored"),
    row(
        "GET",
        "registry/versions/<uuid:uuid>/artifacts/<path:path>/content/",
        WHO_SEES_IT,
        "stored",
        "path",
    ),
    row("GET", "registry/versions/<uuid:uuid>/scans/", WHO_SEES_IT, "stored"),
    row(
        "POST",
        "registry/versions/<uuid:uuid>/scans/",
        "401 404 403 403 403 403 202 202 202",
        "stored",
    ),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    upload = make_upload(world.dev, b"weights", actor=administrator())
    version = make_model(
        world.dev, name="stored", artifacts=[{"path": "a/w.bin", "upload": upload.uuid}]
    )
    waiting = make_upload(world.dev, None, actor=world.actors["author"])
    world.at |= {"upload": waiting.uuid, "stored": version.uuid, "path": "a/w.bin"}
