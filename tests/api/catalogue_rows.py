"""The matrix of the addresses of catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.services import access_requests, workspaces
from tests.api.rows import SIGNED_IN, Row, row
from tests.factories import administrator, make_workspace, member

if TYPE_CHECKING:
    from tests.api.world import World

DECIDERS_SEE = "401 404 404 404 404 404 404 200 200"
DECIDERS = "401 404 403 403 403 403 403 200 200"

ROWS: tuple[Row, ...] = (
    row("GET", "registry/catalogue/", SIGNED_IN),
    row("GET", "registry/catalogue/facets/", SIGNED_IN),
    row("GET", "registry/catalogue/discoverable/", SIGNED_IN),
    row(
        "GET",
        "registry/catalogue/compare/",
        "401 400 200 200 200 200 200 200 200",
        query="?ref=matrix-dev/model/base/1&ref=matrix-dev/model/base",
    ),
    row("GET", "registry/access-requests/", SIGNED_IN),
    row(
        "POST",
        "registry/access-requests/",
        "401 201 201 201 201 201 201 201 201",
        body=lambda world: {"workspace": "matrix-open", "role": "auditor"},
    ),
    row("GET", "registry/access-requests/<uuid:uuid>/", DECIDERS_SEE, "access_request"),
    row(
        "POST",
        "registry/access-requests/<uuid:uuid>/grant/",
        DECIDERS,
        "access_request",
        body=lambda world: {"reason": "joins the team"},
    ),
    row(
        "POST",
        "registry/access-requests/<uuid:uuid>/decline/",
        DECIDERS,
        "access_request",
        body=lambda world: {"reason": "not now"},
    ),
    row(
        "POST",
        "registry/access-requests/<uuid:uuid>/withdraw/",
        "401 404 404 404 404 404 404 404 404",
        "access_request",
        body=lambda world: {},
    ),
    row(
        "POST",
        "registry/versions/<uuid:uuid>/derive/",
        "401 404 403 201 403 403 403 201 201",
        "version",
        body=lambda world: {"role": "fine_tuned_from", "name": "tuned", "reason": "T-1"},
    ),
    row(
        "POST",
        "registry/versions/<uuid:uuid>/deploy/",
        "401 404 403 403 403 201 403 201 201",
        "version",
        body=lambda world: {"name": "from-the-catalogue"},
    ),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    workspaces.change(
        actor=administrator(),
        slug=make_workspace("matrix-open").slug,
        changes={"is_discoverable": True},
    )
    newcomer = member(make_workspace("matrix-before"), "reader", username="the-applicant")
    # Asked for while the workspace could be discovered.
    workspaces.change(actor=administrator(), slug=world.dev.slug, changes={"is_discoverable": True})
    asked = access_requests.ask(actor=newcomer, workspace=world.dev.slug)
    workspaces.change(
        actor=administrator(), slug=world.dev.slug, changes={"is_discoverable": False}
    )
    world.at["access_request"] = asked.uuid
