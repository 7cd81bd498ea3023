"""The matrix of the addresses of evidence packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.services.packs.request import request
from audits.services.report_bases import Asked
from audits.services.transparency import integration
from core import sequencer
from core.tasks import claim_and_run
from tests.api.rows import SIGNED_IN, Row, row
from tests.factories import administrator

if TYPE_CHECKING:
    from tests.api.world import World

WHO_AUDITS = "401 404 404 404 404 404 200 200 200"

ROWS: tuple[Row, ...] = (
    row("GET", "audits/packs/", SIGNED_IN),
    row(
        "POST",
        "audits/packs/",
        "401 400 403 403 403 403 202 202 202",
        body=lambda world: {"workspaces": [world.dev.slug]},
    ),
    row("GET", "audits/packs/<uuid:uuid>/", WHO_AUDITS, "pack"),
    row("GET", "audits/packs/<uuid:uuid>/download/", WHO_AUDITS, "pack"),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    asked = request(actor=administrator(), asked=Asked(scan=world.at["scan"]))
    while sequencer.sequence_pending():
        pass
    integration.integrate(at_once=True)
    while claim_and_run():
        pass
    world.at["pack"] = asked.uuid
