"""The matrix of what becomes of assets, versions and aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from registry.services import alias_rules, aliases, tags
from registry.services.alias_rules import Terms
from tests.api.rows import SIGNED_IN, WHO_SEES_IT, Row, row
from tests.factories import administrator, make_dataset, reference

if TYPE_CHECKING:
    from tests.api.world import World

EDITED = "401 404 403 200 403 403 403 200 200"
UNTAGGED = "401 404 403 204 403 403 403 204 204"
DELETED = "401 404 403 403 403 403 403 204 204"
RENAMED = "401 404 403 403 403 403 403 200 200"
LIVED = "401 404 403 403 200 403 403 200 200"
RULED = "401 400 403 403 403 403 403 201 201"
MOVED = "401 400 403 201 403 201 403 201 201"
ASSET, VERSION = "registry/assets/<uuid:uuid>/", "registry/versions/<uuid:uuid>/"

ROWS: tuple[Row, ...] = (
    row("PATCH", ASSET, EDITED, "spare", body=lambda _: {"description": "another"}),
    row("DELETE", ASSET, DELETED, "spare", query="?reason=wrong"),
    row("POST", f"{ASSET}rename/", RENAMED, "spare", body=lambda _: {"name": "renamed"}),
    row("PUT", f"{ASSET}tags/<path:key>/", EDITED, "spare", "tag", body=lambda _: {"value": "b"}),
    row("DELETE", f"{ASSET}tags/<path:key>/", UNTAGGED, "spare", "tag"),
    row("PATCH", VERSION, EDITED, "spare_version", body=lambda _: {"description": "another"}),
    row("DELETE", VERSION, DELETED, "spare_version", query="?reason=wrong"),
    row(
        "PUT",
        f"{VERSION}tags/<path:key>/",
        EDITED,
        "spare_version",
        "tag",
        body=lambda _: {"value": "b"},
    ),
    row("DELETE", f"{VERSION}tags/<path:key>/", UNTAGGED, "spare_version", "tag"),
    row("GET", f"{VERSION}lifecycle/", WHO_SEES_IT, "spare_version"),
    row(
        "POST",
        f"{VERSION}lifecycle/",
        LIVED,
        "spare_version",
        body=lambda _: {"state": "withdrawn", "reason": "unsafe"},
    ),
    row("GET", f"{VERSION}links/", WHO_SEES_IT, "version"),
    row(
        "GET",
        "registry/aliases/as-of/",
        WHO_SEES_IT,
        query="?ref=matrix-dev/model/base@candidate&at={now}",
    ),
    row(
        "POST",
        "registry/aliases/undo/",
        MOVED,
        body=lambda _: {"asset": "matrix-dev/dataset/spare", "alias": "blue"},
    ),
    row("GET", "registry/alias-rules/", SIGNED_IN),
    row(
        "POST",
        "registry/alias-rules/",
        RULED,
        body=lambda world: {"workspace": world.dev.slug, "pattern": "green-*", "roles": ["admin"]},
    ),
    row("DELETE", "registry/alias-rules/<uuid:uuid>/", DELETED, "alias_rule"),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    admin = administrator()
    data = [make_dataset(world.dev, name="spare") for _ in range(2)]
    asset = f"{world.dev.slug}/dataset/spare"
    tags.set_asset_tag(actor=admin, asset=asset, key="team.data/owner", value="a")
    tags.set_version_tag(actor=admin, version=reference(data[0]), key="team.data/owner", value="a")
    for to in (2, None):
        aliases.move(actor=admin, asset=asset, alias="blue", to=to)
    rule = alias_rules.set_rule(
        actor=admin, workspace=world.dev.slug, pattern="red-*", terms=Terms(roles=["admin"])
    )
    world.at |= {
        "spare": data[0].asset.uuid,
        "spare_version": data[0].uuid,
        "tag": "team.data/owner",
        "alias_rule": rule.uuid,
        "now": timezone.now().isoformat().replace("+00:00", "Z"),
    }
