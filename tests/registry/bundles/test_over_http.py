"""Bundles by REST: written and read by tasks, and no more than the caller may see."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.actors import Actor
from core.canonical import sha256
from core.models import Task
from core.tasks import claim_and_run
from registry.bundles.manifest import opened
from registry.models import Alias, AssetVersion, Grant, Workspace
from registry.queries.blobs import store
from registry.services import lifecycle, members
from registry.services.promotions.request import promote
from tests.factories import (
    administrator,
    grant,
    make_dataset,
    make_model,
    make_upload,
    make_workspace,
    member,
    reference,
    token_client,
)

pytestmark = pytest.mark.django_db
BUNDLES = "/api/registry/bundles/"


@pytest.fixture
def dev(db: None) -> Workspace:
    return make_workspace("atelier")


@pytest.fixture
def author(dev: Workspace) -> Actor:
    return member(dev, "author")


@pytest.fixture
def other(author: Actor) -> Workspace:
    place = make_workspace("elsewhere")
    grant(author, place, "author")
    return place


@pytest.fixture
def model(dev: Workspace, author: Actor) -> AssetVersion:
    """A model with stored bytes, trained on a dataset, under an alias."""
    upload = make_upload(dev, b"weights", actor=author)
    return make_model(
        dev,
        name="sphinx",
        actor=author,
        trained_on=[make_dataset(dev, name="riddles", actor=author)],
        artifacts=[{"path": "w.bin", "upload": upload.uuid}],
        aliases=["best"],
    )


def worked(client: APIClient, verb: str, **body: Any) -> dict[str, Any]:
    """Ask for a transfer, let the worker do it, return how it ended."""
    asked = client.post(f"{BUNDLES}{verb}/", body, format="json")
    assert asked.status_code == 202, asked.content
    while claim_and_run():
        pass
    ended: dict[str, Any] = client.get(f"{BUNDLES}{asked.json()['uuid']}/").json()
    return ended


def archive(actor: Actor, version: AssetVersion) -> bytes:
    client = token_client(actor)
    ended = worked(client, "export", version=reference(version))
    return b"".join(client.get(f"{BUNDLES}{ended['uuid']}/content/"))


def sent(actor: Actor, place: Workspace, data: bytes, **body: Any) -> dict[str, Any]:
    upload = make_upload(place, data, actor=actor)
    return worked(token_client(actor), "import", upload=str(upload.uuid), **body)


def test_an_export_is_downloaded_whole_or_in_part(author: Actor, model: AssetVersion) -> None:
    client = token_client(author)

    ended = worked(client, "export", version=reference(model))

    assert (ended["verb"], ended["state"], ended["error"]) == ("export", "succeeded", "")
    address = f"{BUNDLES}{ended['uuid']}/content/"
    whole = client.get(address)
    data = b"".join(whole)
    assert whole["ETag"] == f'"{sha256(data)}"' == f'"{ended["result"]["digest"]}"'
    assert opened(io.BytesIO(data)).content_digest == ended["result"]["content_digest"]
    assert set(ended["result"]) == {"size", "digest", "content_digest"}
    part = client.get(address, headers={"Range": "bytes=2-9"})
    assert (part.status_code, b"".join(part)) == (206, data[2:10])
    assert client.get(address, headers={"Range": "bytes=999999999-"}).status_code == 416


def test_an_import_registers_once_and_moves_no_alias(
    author: Actor, model: AssetVersion, other: Workspace
) -> None:
    data = archive(author, model)

    first, second = sent(author, other, data), sent(author, other, data)

    assert [each["is_new"] for each in first["result"]["versions"]] == [True]
    assert [each["is_new"] for each in second["result"]["versions"]] == [False]
    assert first["result"]["aliases_left"] == ["best"]
    assert not Alias.objects.filter(asset__workspace=other).exists()


def test_a_check_tells_what_a_bundle_carries_and_registers_nothing(
    author: Actor, model: AssetVersion, other: Workspace
) -> None:
    ended = sent(author, other, archive(author, model), verify_only=True)

    assert (ended["verb"], ended["state"]) == ("verify", "succeeded")
    found = ended["result"]
    assert found["is_trusted"] is True
    assert found["root"].endswith("atelier/model/sphinx/1")
    assert found["members"] == [{"kind": "model", "name": "sphinx", "digest": model.digest}]
    assert not AssetVersion.objects.filter(asset__workspace=other).exists()


@pytest.mark.parametrize("verify_only", [True, False])
def test_a_file_that_is_none_is_told_so(author: Actor, other: Workspace, verify_only: bool) -> None:
    ended = sent(author, other, b"PK no bundle", verify_only=verify_only)

    assert ended["state"] == "failed"
    assert "is not a whole, unchanged bundle" in ended["error"]


def test_an_upload_without_bytes_and_a_foreign_one_are_refused(
    author: Actor, other: Workspace
) -> None:
    waiting = make_upload(other, None, actor=author)
    foreign = make_upload(other, b"bundle", actor=administrator())
    client = token_client(author)

    for upload, status in ((waiting, 409), (foreign, 404)):
        answer = client.post(f"{BUNDLES}import/", {"upload": str(upload.uuid)}, format="json")
        assert answer.status_code == status
    assert not Task.objects.filter(name="registry.import_bundle").exists()


def test_a_credential_gets_no_more_by_a_task_than_it_may_itself(
    author: Actor, model: AssetVersion, other: Workspace
) -> None:
    upload = make_upload(other, archive(author, model), actor=author)
    narrow = token_client(author, scopes=["view_workspace", "create_version"])

    answer = narrow.post(f"{BUNDLES}import/", {"upload": str(upload.uuid)}, format="json")

    assert answer.status_code == 403


def test_who_lost_sight_of_the_version_does_not_get_its_archive(
    author: Actor, model: AssetVersion, dev: Workspace
) -> None:
    client = token_client(author)
    ended = worked(client, "export", version=reference(model))
    held = Grant.objects.get(user=author.user, workspace=dev, valid_to__isnull=True)
    members.revoke(actor=administrator(), grant_uuid=held.uuid)

    for address in (f"{BUNDLES}{ended['uuid']}/", f"{BUNDLES}{ended['uuid']}/content/"):
        assert client.get(address).status_code == 404


def test_an_archive_that_was_let_go_is_gone(author: Actor, model: AssetVersion) -> None:
    client = token_client(author)
    ended = worked(client, "export", version=reference(model))
    kept = Task.objects.get(uuid=ended["uuid"]).result or {}
    store().delete(kept["key"])

    assert client.get(f"{BUNDLES}{ended['uuid']}/content/").status_code == 410


def test_what_was_withdrawn_here_does_not_come_back_by_a_bundle(
    author: Actor, model: AssetVersion, other: Workspace
) -> None:
    data = archive(author, model)
    sent(author, other, data)
    lifecycle.change(
        actor=administrator(),
        version="elsewhere/model/sphinx/1",
        state="withdrawn",
        reason="it lies",
    )

    again = sent(author, other, data)

    assert again["state"] == "failed"
    assert "elsewhere/model/sphinx/1 has this content and was withdrawn here" in again["error"]
    assert AssetVersion.objects.filter(asset__workspace=other).count() == 1


def test_an_imported_version_tells_where_it_came_from_without_its_source(
    author: Actor, model: AssetVersion, other: Workspace
) -> None:
    data = archive(author, model)
    ended = sent(author, other, data)

    reader = token_client(member(other, "reader"))
    uuid = ended["result"]["versions"][0]["uuid"]
    claimed = reader.get(f"/api/registry/versions/{uuid}/").json()["provenance"]

    bundle = opened(io.BytesIO(data))
    assert claimed["schema"] == "muniment.imported-provenance/v1"
    assert claimed["imported"]["signer"] == bundle.signer
    assert claimed["imported"]["bundle"] == bundle.content_digest
    assert claimed["imported"]["ref"].endswith("atelier/model/sphinx/1")
    assert {node["kind"] for node in claimed["nodes"]} == {"model", "dataset"}
    assert [edge["role"] for edge in claimed["edges"]] == ["trained_on"]
    assert claimed["is_complete"] is True


def test_a_promotion_carries_on_what_came_with_the_bundle(
    author: Actor, model: AssetVersion, other: Workspace
) -> None:
    sent(author, other, archive(author, model))
    prod = make_workspace(stage="production", required_approvals=0)

    promoted = promote(
        actor=administrator(), source="elsewhere/model/sphinx/1", target=prod.slug, reason="good"
    )

    assert promoted.target_version is not None
    [claimed] = promoted.target_version.provenance.body["imported"]
    assert claimed["imported"]["ref"].endswith("atelier/model/sphinx/1")


def test_a_bundle_tells_of_no_upstream_that_its_exporter_may_not_read(
    dev: Workspace, author: Actor
) -> None:
    secret = make_dataset(make_workspace("vault"), name="secrets")
    model = make_model(dev, name="sphinx", trained_on=[secret])

    bundle = opened(io.BytesIO(archive(author, model)))

    origin = json.loads(bundle.read("origin/origin.json"))
    assert b"vault" not in bundle.read("origin/origin.json")
    assert origin["upstream"]["is_complete"] is False
