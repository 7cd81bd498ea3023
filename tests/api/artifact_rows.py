"""The matrix of the addresses of artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.canonical import sha256
from core.tasks import claim_and_run
from registry.services import trusted_keys
from registry.services.bundles import transfers
from tests.api.rows import SIGNED_IN, WHO_SEES_IT, Row, row
from tests.factories import administrator, make_model, make_upload, reference
from tests.registry.signing.signer import Signer

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
    row("GET", "registry/versions/<uuid:uuid>/signatures/", WHO_SEES_IT, "stored"),
    row(
        "POST",
        "registry/versions/<uuid:uuid>/signatures/",
        "401 404 403 202 403 403 403 202 202",
        "stored",
        body=lambda world: {"bundle": world.at["bundle"]},
    ),
    row("GET", "registry/bundles/", SIGNED_IN),
    row("GET", "registry/bundles/key/", SIGNED_IN),
    row(
        "POST",
        "registry/bundles/export/",
        "401 404 202 202 202 202 202 202 202",
        body=lambda world: {"version": f"{world.dev.slug}/model/stored/1"},
    ),
    row(
        "POST",
        "registry/bundles/import/",
        "401 404 404 202 404 404 404 404 404",
        body=lambda world: {"upload": str(world.at["whole_upload"])},
    ),
    row("GET", "registry/bundles/<uuid:uuid>/", THE_AUTHORS, "exported"),
    row("GET", "registry/bundles/<uuid:uuid>/content/", THE_AUTHORS, "exported"),
    row("GET", "registry/trusted-keys/", SIGNED_IN),
    row(
        "POST",
        "registry/trusted-keys/",
        "401 400 403 403 403 403 403 201 201",
        body=lambda world: {"workspace": world.prod.slug, "name": "us", "pem": world.at["pem"]},
    ),
    row(
        "DELETE",
        "registry/trusted-keys/<uuid:uuid>/",
        "401 404 403 403 403 403 403 204 204",
        "trusted_key",
    ),
)


def furnish(world: World) -> None:
    """Make what the rows name, and put it into ``world.at``."""
    upload = make_upload(world.dev, b"weights", actor=administrator())
    version = make_model(
        world.dev, name="stored", artifacts=[{"path": "a/w.bin", "upload": upload.uuid}]
    )
    signer = Signer.make()
    trusted = trusted_keys.trust(
        actor=administrator(), workspace=world.dev.slug, name="releases", pem=signer.pem
    )
    world.at |= {
        "bundle": signer.sign({"a/w.bin": sha256(b"weights")}),
        "pem": signer.pem,
        "trusted_key": trusted.uuid,
    }
    author = world.actors["author"]
    exported = transfers.request_export(actor=author, version=reference(version))
    while claim_and_run():
        pass
    world.at |= {
        "exported": exported.uuid,
        "whole_upload": make_upload(world.dev, b"a bundle", actor=author).uuid,
    }
    waiting = make_upload(world.dev, None, actor=author)
    world.at |= {"upload": waiting.uuid, "stored": version.uuid, "path": "a/w.bin"}
