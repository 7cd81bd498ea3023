"""The matrix of the addresses of the log's anchors and of the journal's streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.services.streams import managing
from tests.api.rows import ADMINISTRATOR, row
from tests.factories import administrator

if TYPE_CHECKING:
    from tests.api.world import World

READS = "401 403 403 403 403 403 403 403 200"
ASKS = "401 403 403 403 403 403 403 403 202"


def streams(world: World) -> None:
    """Make a stream into a file."""
    made = managing.create(
        actor=administrator(), name="matrix", address="file://matrix.ndjson", format="json"
    )
    world.at["stream"] = made.stream.uuid


def a_stream(world: World) -> dict[str, object]:
    return {"name": "matrix-new", "address": "file://new.ndjson", "workspaces": [world.dev.slug]}


ROWS = (
    row("GET", "audits/anchors/", READS),
    row("GET", "audits/streams/", READS),
    row("POST", "audits/streams/", ADMINISTRATOR, body=a_stream),
    row("GET", "audits/streams/<uuid:uuid>/", READS, "stream"),
    row("PATCH", "audits/streams/<uuid:uuid>/", READS, "stream", body=lambda world: {"batch": 9}),
    row("DELETE", "audits/streams/<uuid:uuid>/", "401 403 403 403 403 403 403 403 204", "stream"),
    row("POST", "audits/streams/<uuid:uuid>/pause/", READS, "stream", body=lambda world: {}),
    row(
        "POST",
        "audits/streams/<uuid:uuid>/resume/",
        # It goes on already.
        "401 403 403 403 403 403 403 403 409",
        "stream",
        body=lambda world: {},
    ),
    row("POST", "audits/streams/<uuid:uuid>/test/", ASKS, "stream"),
    row(
        "POST",
        "audits/streams/<uuid:uuid>/replay/",
        ASKS,
        "stream",
        body=lambda world: {"seq": 0},
    ),
    row("POST", "audits/streams/<uuid:uuid>/retry/", ASKS, "stream"),
    row("GET", "audits/streams/<uuid:uuid>/letters/", READS, "stream"),
)
