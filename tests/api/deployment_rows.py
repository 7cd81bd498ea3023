"""The matrix of the addresses of deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.services.deployments import revisions, states
from tests.api.rows import SIGNED_IN, WHO_SEES_IT, Row, row
from tests.factories import MODEL_SPEC, administrator, make_version, reference

if TYPE_CHECKING:
    from tests.api.world import World

AT = "registry/deployments/<uuid:uuid>/"
DEPLOYS = "401 404 403 403 403 201 403 201 201"
CHANGES = "401 404 403 403 403 200 403 200 200"


def a_deployment(world: World) -> dict[str, Any]:
    return {
        "workspace": world.dev.slug,
        "name": "another",
        "members": [{"version": world.at["served"], "traffic": 100}],
    }


ROWS: tuple[Row, ...] = (
    row("GET", "registry/deployments/", SIGNED_IN),
    row("POST", "registry/deployments/", "401 400 403 403 403 201 403 201 201", body=a_deployment),
    row("GET", AT, WHO_SEES_IT, "deployment"),
    row("GET", "registry/deployments/schema/", SIGNED_IN),
    row("GET", "registry/deployments/serving/", SIGNED_IN),
    row("GET", f"{AT}revisions/", WHO_SEES_IT, "deployment"),
    row(
        "POST",
        f"{AT}revisions/",
        DEPLOYS,
        "deployment",
        body=lambda world: {"configuration": {"region": "north"}, "reason": "closer"},
    ),
    row("POST", f"{AT}rollback/", DEPLOYS, "deployment", body=lambda world: {"to": 1}),
    row("GET", f"{AT}states/", WHO_SEES_IT, "deployment"),
    row("POST", f"{AT}states/", DEPLOYS, "deployment", body=lambda world: {"state": "degraded"}),
    row("POST", f"{AT}stop/", CHANGES, "deployment", body=lambda world: {"reason": "incident"}),
    row("POST", f"{AT}start/", CHANGES, "stopped", body=lambda world: {"reason": "mended"}),
    row("POST", f"{AT}check/", WHO_SEES_IT, "deployment", body=lambda world: {}),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    admin = administrator()
    served = make_version(world.dev, "model", MODEL_SPEC, name="served")
    members = [{"version": reference(served), "traffic": 100}]
    made = {
        name: revisions.create(
            actor=admin, workspace=world.dev.slug, name=name, members=members
        ).deployment
        for name in ("deployment", "stopped")
    }
    running = made["deployment"].uuid
    revisions.revise(actor=admin, deployment=running, endpoint="https://served.example")
    states.report(actor=admin, deployment=running, state="running")
    states.stop(actor=admin, deployment=made["stopped"].uuid)
    world.at |= {name: deployment.uuid for name, deployment in made.items()}
    world.at["served"] = reference(served)
