"""Bringing bytes into a workspace, over HTTP and through the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from core.canonical import sha256
from core.errors import Conflict, InvalidInput, NotFound, TooLarge, Unavailable
from core.journal import decode
from core.models import JournalEntry
from registry.models import Blob, Grant, Upload, Workspace
from registry.queries.blobs import store
from registry.services import members, uploads
from registry.storage.base import StoreFailed
from tests.factories import (
    administrator,
    make_upload,
    make_workspace,
    member,
    token_client,
)

pytestmark = pytest.mark.django_db
UPLOADS = "/api/registry/uploads/"


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def objects() -> list[str]:
    """Every object and half-written file of the store."""
    return sorted(item.key for item in store().items())


def put(client: Any, uuid: object, content: bytes, **headers: str) -> Any:
    return client.generic(
        "PUT", f"{UPLOADS}{uuid}/content/", content, "application/octet-stream", headers=headers
    )


def test_bytes_come_in_by_two_requests(workspace: Workspace) -> None:
    client = token_client(member(workspace, "author"))
    begun = client.post(UPLOADS, {"workspace": workspace.slug, "media_type": "text/plain"}).json()

    answer = put(client, begun["uuid"], b"hello")

    assert begun["is_stored"] is False
    assert answer.status_code == 200
    assert answer.json()["digest"] == sha256(b"hello")
    assert answer.json() == client.get(f"{UPLOADS}{begun['uuid']}/").json()
    assert b"".join(store().read(Blob.objects.get(digest=sha256(b"hello")).key)) == b"hello"


def test_what_was_stored_is_in_the_journal(workspace: Workspace) -> None:
    author = member(workspace, "author")
    upload = make_upload(workspace, b"weights", actor=author)

    entry = decode(JournalEntry.objects.filter(action="registry.upload.stored").latest("id"))

    assert entry["subject"] == {"ref": f"upload/{upload.uuid}", "digest": sha256(b"weights")}
    assert entry["data"] == {"upload": str(upload.uuid), "size": 7}
    assert entry["actor"]["roles"] == ["author"]


def test_bytes_of_another_digest_than_declared_leave_nothing(workspace: Workspace) -> None:
    before = objects()
    upload = make_upload(workspace, None, digest=sha256(b"these"))

    answer = put(token_client(administrator()), upload.uuid, b"those")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "digest"
    assert objects() == before
    assert not Blob.objects.filter(digest=sha256(b"those")).exists()
    assert uploads.receive(
        actor=administrator(), upload=upload.uuid, chunks=[b"these"], length=5
    ).digest == sha256(b"these")


@pytest.mark.parametrize("content", [b"", b"short", b"longer than it was said"])
def test_bytes_that_end_early_or_late_leave_nothing(workspace: Workspace, content: bytes) -> None:
    before = objects()
    upload = make_upload(workspace, None)

    with pytest.raises(InvalidInput):
        uploads.receive(actor=administrator(), upload=upload.uuid, chunks=[content], length=7)

    assert objects() == before
    assert Upload.objects.get(pk=upload.pk).stored_at is None


def test_a_body_that_breaks_leaves_nothing(workspace: Workspace) -> None:
    def broken() -> Iterator[bytes]:
        yield b"some"
        raise ConnectionResetError

    before = objects()
    upload = make_upload(workspace, None)

    with pytest.raises((Unavailable, ConnectionResetError)):
        uploads.receive(actor=administrator(), upload=upload.uuid, chunks=broken(), length=99)

    assert objects() == before


def test_equal_bytes_are_kept_once_and_nobody_can_tell(workspace: Workspace) -> None:
    first = make_upload(workspace, b"the same")
    count, kept = Blob.objects.count(), objects()

    client = token_client(member(make_workspace(), "admin"))
    place = Workspace.objects.latest("id").slug
    begun = client.post(UPLOADS, {"workspace": place}).json()
    answer = put(client, begun["uuid"], b"the same")

    assert answer.status_code == 200
    assert set(answer.json()) == set(client.get(UPLOADS).json()["results"][0])
    assert answer.json()["stored_at"] > first.stored_at.isoformat()[:19]  # type: ignore[union-attr]
    assert (Blob.objects.count(), objects()) == (count, kept)


def test_sending_the_same_again_is_no_error_and_other_bytes_are(workspace: Workspace) -> None:
    upload = make_upload(workspace, b"one")
    kept = objects()
    again: dict[str, Any] = {"actor": administrator(), "upload": upload.uuid, "length": 3}

    assert uploads.receive(chunks=[b"one"], **again).digest == sha256(b"one")
    with pytest.raises(Conflict):
        uploads.receive(chunks=[b"two"], **again)
    assert objects() == kept


def test_an_upload_is_its_uploaders_alone(workspace: Workspace) -> None:
    upload = make_upload(workspace, None, actor=member(workspace, "author"))
    other = member(workspace, "admin")

    with pytest.raises(NotFound) as caught:
        uploads.receive(actor=other, upload=upload.uuid, chunks=[b""], length=0)

    assert caught.value.denial is not None
    assert token_client(other).get(UPLOADS).json()["results"] == []


def test_an_upload_ends(workspace: Workspace) -> None:
    upload = make_upload(workspace, None)
    later = timezone.now() + uploads.LIFE + timedelta(minutes=1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        with pytest.raises(Conflict, match="expired"):
            uploads.receive(actor=administrator(), upload=upload.uuid, chunks=[b""], length=0)


def test_what_is_too_large_is_refused_before_it_is_read(workspace: Workspace) -> None:
    limit = settings.MAX_ARTIFACT_BYTES
    client = token_client(administrator())
    upload = make_upload(workspace, None, size=3)

    declared = client.post(UPLOADS, {"workspace": workspace.slug, "size": limit + 1})
    sent = put(client, upload.uuid, b"abc", content_length=str(limit + 1))
    other = put(client, upload.uuid, b"abcd")

    assert (declared.status_code, sent.status_code) == (413, 413)
    assert (other.status_code, other.json()["errors"][0]["field"]) == (400, "Content-Length")
    with pytest.raises(TooLarge):
        uploads.receive(actor=administrator(), upload=upload.uuid, chunks=[b""], length=limit + 1)


def test_a_body_needs_a_length(workspace: Workspace) -> None:
    upload = make_upload(workspace, None)

    answer = token_client(administrator()).put(f"{UPLOADS}{upload.uuid}/content/")

    assert answer.status_code == 411


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "workspace"),
        ({"workspace": "none-such"}, "workspace"),
        ({"workspace": "{slug}", "digest": "md5:abc"}, "digest"),
        ({"workspace": "{slug}", "size": -1}, "size"),
        ({"workspace": "{slug}", "size": 2**60}, "size"),
        ({"workspace": "{slug}", "size": "3"}, "size"),
        ({"workspace": "{slug}", "media_type": "a\x00"}, "media_type"),
        ({"workspace": "{slug}", "surprise": 1}, "surprise"),
    ],
)
def test_bad_input_is_told_with_its_field(
    workspace: Workspace, body: dict[str, Any], field: str
) -> None:
    if "workspace" in body:
        body = body | {"workspace": body["workspace"].format(slug=workspace.slug)}

    answer = token_client(administrator()).post(UPLOADS, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert not Upload.objects.exists()


def test_a_store_that_fails_is_told_as_unavailable(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(chunks: object) -> None:
        raise StoreFailed("No space left on device")

    upload = make_upload(workspace, None)
    monkeypatch.setattr(store(), "put", full)

    answer = put(token_client(administrator()), upload.uuid, b"abc")

    assert answer.status_code == 503
    assert "No space left" in answer.json()["detail"]


def test_a_right_that_ends_while_the_bytes_come_in_stores_nothing(workspace: Workspace) -> None:
    author = member(workspace, "author")
    begun = make_upload(workspace, None, actor=author)
    before, held = objects(), Grant.objects.get(user=author.user)

    def chunks() -> Iterator[bytes]:
        yield b"hel"
        members.revoke(actor=administrator(), grant_uuid=held.uuid)
        yield b"lo"

    with pytest.raises(NotFound) as caught:
        uploads.receive(actor=author, upload=begun.uuid, chunks=chunks(), length=5)

    assert caught.value.denial is not None
    begun.refresh_from_db()
    assert begun.stored_at is None
    assert objects() == before
