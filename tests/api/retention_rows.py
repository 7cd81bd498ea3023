"""The matrix of the addresses of retention, holds and erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.services import erasure, holds, retention
from tests.api.rows import ADMINISTRATOR, SIGNED_IN, row
from tests.factories import administrator, make_actor

if TYPE_CHECKING:
    from tests.api.world import World

OPERATORS_OWN = "401 404 404 404 404 404 404 404 200"
OPERATOR_ASKS = "401 403 403 403 403 403 403 403 202"
WHO_READS_THE_TRAIL = "401 404 404 404 404 404 200 200 200"


def furnish(world: World) -> None:
    """A rule, a run, a hold, somebody who was erased and somebody to erase."""
    admin = administrator()
    retention.set_rule(actor=admin, record="sessions", days=30, reason="T-1")
    run = retention.run_now(actor=admin, is_dry_run=True)
    for name in ("the-former", "the-erased"):
        make_actor(name)
    erasure.erase(actor=admin, account="the-former", reason="T-1")
    hold = holds.place(
        actor=admin, scope="workspace", target=world.dev.slug, reason="Case of matrix-dev"
    )
    world.at |= {"retention_run": run.uuid, "hold": hold.uuid}


ROWS = (
    row("GET", "audits/retention/", SIGNED_IN),
    row(
        "POST",
        "audits/retention/",
        ADMINISTRATOR,
        body=lambda world: {"record": "tasks", "days": 30, "reason": "T-1"},
    ),
    row(
        "POST",
        "audits/retention/end/",
        "401 403 403 403 403 403 403 403 204",
        body=lambda world: {"record": "sessions", "reason": "T-1"},
    ),
    row("GET", "audits/retention-runs/", SIGNED_IN),
    row(
        "POST",
        "audits/retention-runs/",
        OPERATOR_ASKS,
        body=lambda world: {"is_dry_run": True},
    ),
    row("GET", "audits/retention-runs/<uuid:uuid>/", OPERATORS_OWN, "retention_run"),
    row("GET", "audits/holds/", SIGNED_IN),
    row(
        "POST",
        "audits/holds/",
        "401 400 403 403 403 403 201 201 201",
        body=lambda world: {"scope": "workspace", "target": world.dev.slug, "reason": "T-1"},
    ),
    row("GET", "audits/holds/<uuid:uuid>/", WHO_READS_THE_TRAIL, "hold"),
    row(
        "POST",
        "audits/holds/<uuid:uuid>/release/",
        "401 404 404 404 404 404 200 200 403",
        "hold",
        body=lambda world: {"reason": "T-2"},
    ),
    row("GET", "audits/erasures/", SIGNED_IN),
    row(
        "POST",
        "audits/erasures/",
        ADMINISTRATOR,
        body=lambda world: {"account": "the-erased", "reason": "T-1"},
    ),
)
