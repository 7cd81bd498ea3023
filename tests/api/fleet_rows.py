"""The matrix of the addresses of registered OPAs and of what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.rows import ADMINISTRATOR, SIGNED_IN, WHO_SEES_IT, row
from tests.policies.fleet.estate import client_of, event, register, send_logs, send_status

if TYPE_CHECKING:
    from tests.api.world import World

ADMINISTRATOR_OF_WHAT_IS_SEEN = "401 404 403 403 403 403 403 403"


def fleet(world: World) -> None:
    """Register an OPA that told a decision."""
    issued = register(world.dev, name="matrix-edge")
    send_logs(client_of(issued), [event()])
    send_status(client_of(issued))
    world.at |= {"opa": issued.opa.uuid, "fleet_decision": issued.opa.decisions.get().uuid}


ROWS = (
    row("GET", "policies/opas/", SIGNED_IN),
    row(
        "POST",
        "policies/opas/",
        ADMINISTRATOR,
        body=lambda world: {"name": "matrix-new", "workspace": world.dev.slug},
    ),
    row("GET", "policies/opas/<uuid:uuid>/", WHO_SEES_IT, "opa"),
    row("GET", "policies/opas/<uuid:uuid>/configuration/", WHO_SEES_IT, "opa"),
    row(
        "POST",
        "policies/opas/<uuid:uuid>/sources/",
        "401 404 403 403 403 403 403 200 200",
        "opa",
        body=lambda world: {"sources": [f"policy/{world.at['policy_reference']}"]},
    ),
    row(
        "POST",
        "policies/opas/<uuid:uuid>/masks/",
        f"{ADMINISTRATOR_OF_WHAT_IS_SEEN} 200",
        "opa",
        body=lambda world: {"masks": ["/input/person"]},
    ),
    row(
        "POST",
        "policies/opas/<uuid:uuid>/tokens/",
        f"{ADMINISTRATOR_OF_WHAT_IS_SEEN} 201",
        "opa",
        body=lambda world: {},
    ),
    row(
        "POST",
        "policies/opas/<uuid:uuid>/retire/",
        f"{ADMINISTRATOR_OF_WHAT_IS_SEEN} 200",
        "opa",
        body=lambda world: {"reason": "gone"},
    ),
    row("GET", "policies/opa-changes/", SIGNED_IN),
    row("GET", "policies/fleet-decisions/", SIGNED_IN),
    row("GET", "policies/fleet-decisions/export/", SIGNED_IN),
    row(
        "GET",
        "policies/fleet-decisions/<uuid:uuid>/",
        "401 404 404 404 404 404 200 200 200",
        "fleet_decision",
    ),
)
