"""Versions of stored bytes: who may name them, who may read them, what a promotion takes along."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from core.canonical import sha256
from core.errors import InvalidInput
from core.tasks import claim_and_run
from registry.models import ArtifactScan, AssetVersion, BlobClaim, VersionArtifact, Workspace
from registry.queries.scans import verdict_of
from registry.services import uploads
from registry.storage import stored_uri
from tests.factories import (
    administrator,
    grant,
    make_model,
    make_upload,
    make_workspace,
    member,
    reference,
    token_client,
)
from tests.registry.conftest import Team
from tests.registry.scanning.files import ATTACKS

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def stored(workspace: Workspace, content: bytes = CONTENT, **options: Any) -> AssetVersion:
    upload = make_upload(workspace, content)
    return make_model(
        workspace, artifacts=[{"path": "deep/w.bin", "upload": upload.uuid}], **options
    )


def artifact(version: AssetVersion) -> VersionArtifact:
    return VersionArtifact.objects.get(version=version)


def get(client: APIClient, version: AssetVersion, path: str = "deep/w.bin", **headers: str) -> Any:
    address = f"/api/registry/versions/{version.uuid}/artifacts/{path}/content/"
    return client.get(address, headers=headers)


def test_a_version_names_what_was_uploaded(workspace: Workspace) -> None:
    version = stored(workspace)
    client = token_client(member(workspace, "reader"))

    answer = get(client, version)

    assert b"".join(answer.streaming_content) == CONTENT
    assert answer.headers["ETag"] == f'"{sha256(CONTENT)}"'
    assert answer.headers["Content-Length"] == "1024"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="w.bin"'
    row = artifact(version)
    assert (row.uri, row.digest, row.size) == (stored_uri(row.digest), sha256(CONTENT), 1024)
    assert row.claim.workspace == workspace


def test_equal_content_has_one_digest_in_every_workspace(workspace: Workspace) -> None:
    assert stored(workspace).digest == stored(make_workspace()).digest


@pytest.mark.parametrize(
    ("asked", "status", "answered"),
    [
        ("bytes=0-0", 206, (CONTENT[:1], "bytes 0-0/1024")),
        ("bytes=10-19", 206, (CONTENT[10:20], "bytes 10-19/1024")),
        ("bytes=1000-", 206, (CONTENT[1000:], "bytes 1000-1023/1024")),
        ("bytes=1000-5000", 206, (CONTENT[1000:], "bytes 1000-1023/1024")),
        ("bytes=-5", 206, (CONTENT[-5:], "bytes 1019-1023/1024")),
        ("bytes=-5000", 206, (CONTENT, "bytes 0-1023/1024")),
        ("bytes=1024-", 416, (None, "bytes */1024")),
        ("bytes=-0", 416, (None, "bytes */1024")),
        ("bytes=5-4", 200, (CONTENT, None)),
        ("bytes=0-1,5-6", 200, (CONTENT, None)),
        ("bytes=", 200, (CONTENT, None)),
        ("lines=1-2", 200, (CONTENT, None)),
        ("bytes=a-b", 200, (CONTENT, None)),
    ],
)
def test_a_range_is_answered_as_rfc_9110_has_it(
    workspace: Workspace, asked: str, status: int, answered: tuple[bytes | None, str | None]
) -> None:
    expected, told = answered
    answer = get(token_client(administrator()), stored(workspace), range=asked)

    assert answer.status_code == status
    assert answer.headers.get("Content-Range") == told
    if expected is not None:
        assert b"".join(answer.streaming_content) == expected
        assert answer.headers["Content-Length"] == str(len(expected))


def test_what_the_client_has_is_not_sent_again(workspace: Workspace) -> None:
    client, version = token_client(administrator()), stored(workspace)
    etag = f'"{sha256(CONTENT)}"'

    assert get(client, version, if_none_match=etag).status_code == 304
    assert get(client, version, if_none_match='"other"').status_code == 200
    assert get(client, version, range="bytes=0-1", if_range=etag).status_code == 206
    assert get(client, version, range="bytes=0-1", if_range='"other"').status_code == 200


def test_head_tells_of_the_bytes_without_them(workspace: Workspace) -> None:
    version = stored(workspace)
    address = f"/api/registry/versions/{version.uuid}/artifacts/deep/w.bin/content/"

    answer: Any = token_client(administrator()).head(address)

    assert answer.headers["Content-Length"] == "1024"
    assert b"".join(answer.streaming_content) == b""


def test_bytes_that_lie_elsewhere_are_not_served(workspace: Workspace) -> None:
    declared = {"path": "w", "uri": "s3://elsewhere/w", "digest": sha256(b"w")}
    version = make_model(workspace, artifacts=[declared])
    client = token_client(administrator())

    assert get(client, version, "w").json()["uri"] == "s3://elsewhere/w"
    assert get(client, version, "w").status_code == 409
    assert get(client, version, "none").status_code == 404


def attempt(actor: Any, workspace: Workspace, **item: Any) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        make_model(workspace, actor=actor, artifacts=[{"path": "w", **item}])
    return caught.value


def test_knowing_a_digest_gives_no_right_to_the_bytes(workspace: Workspace) -> None:
    secret = stored(workspace)
    upload = make_upload(workspace, b"not yours")
    elsewhere = make_workspace()
    thief = member(elsewhere, "author")
    digest = artifact(secret).digest

    by_uri = attempt(thief, elsewhere, uri=stored_uri(digest), digest=digest)
    in_capitals = attempt(thief, elsewhere, uri=stored_uri(digest).upper(), digest=digest)
    by_upload = attempt(thief, elsewhere, upload=upload.uuid)
    by_version = attempt(thief, elsewhere, **{"from": reference(secret), "from_path": "deep/w.bin"})
    of_nothing = attempt(thief, elsewhere, **{"from": "no/model/such/1"})

    assert by_uri.errors[0].field == in_capitals.errors[0].field == "artifacts[0].uri"
    assert by_upload.errors[0].field == "artifacts[0].upload"
    assert by_version.errors[0].field == of_nothing.errors[0].field == "artifacts[0].from"
    assert by_version.denial is not None
    assert not BlobClaim.objects.filter(workspace=elsewhere).exists()


def test_an_upload_counts_where_it_was_made_for_and_by_whom(workspace: Workspace) -> None:
    author, colleague = member(workspace, "author"), member(workspace, "author")
    elsewhere = make_workspace()
    grant(author, elsewhere, "author")
    upload = make_upload(workspace, b"mine", actor=author)

    assert "no such upload" in attempt(colleague, workspace, upload=upload.uuid).detail
    assert "no such upload" in attempt(author, elsewhere, upload=upload.uuid).detail
    item = {"path": "w", "upload": upload.uuid}
    assert make_model(workspace, actor=author, artifacts=[item]).number == 1


def test_an_upload_without_bytes_or_past_its_time_cannot_be_registered(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = member(workspace, "author")
    empty, full = (make_upload(workspace, content, actor=author) for content in (None, b"x"))

    assert "not been sent" in attempt(author, workspace, upload=empty.uuid).detail
    later = timezone.now() + uploads.LIFE + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "expired" in attempt(author, workspace, upload=full.uuid).detail


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({}, "artifacts[0]"),
        ({"uri": "s3://b/w"}, "artifacts[0].digest"),
        ({"uri": "s3://b/w", "digest": sha256(b""), "from": "a/b/c/1"}, "artifacts[0]"),
        ({"uri": "s3://b/w", "digest": sha256(b""), "from_path": "x"}, "artifacts[0].from_path"),
        ({"from": "a/b/c/1", "digest": sha256(b"")}, "artifacts[0].digest"),
        ({"from": "nonsense"}, "artifacts[0].from"),
    ],
)
def test_an_artifact_comes_from_exactly_one_place(
    workspace: Workspace, item: dict[str, Any], field: str
) -> None:
    assert attempt(administrator(), workspace, **item).errors[0].field == field


def test_bytes_can_be_taken_from_a_version_that_one_may_read(workspace: Workspace) -> None:
    origin = stored(workspace)
    author = member(make_workspace(), "author")
    place = Workspace.objects.latest("id")
    grant(author, workspace, "reader")
    item = {"path": "mine.bin", "from": reference(origin), "from_path": "deep/w.bin"}

    copy = make_model(place, actor=author, artifacts=[item])

    assert artifact(copy).uri == artifact(origin).uri
    assert artifact(copy).claim.workspace == place
    assert artifact(copy).claim.blob == artifact(origin).claim.blob


def test_bytes_are_looked_into_after_registration(workspace: Workspace) -> None:
    version = stored(workspace, pickle.dumps(ATTACKS["os.system"]))
    client = token_client(member(workspace, "reader"))
    address = f"/api/registry/versions/{version.uuid}"
    pending = client.get(f"{address}/scans/").json()["verdict"]

    while claim_and_run():
        pass

    assert pending == "pending"
    assert client.get(f"{address}/scans/").json()["verdict"] == "dangerous"
    shown = client.get(f"{address}/artifacts/").json()["results"][0]
    assert (shown["verdict"], shown["scan"]["format"]) == ("dangerous", "pickle")
    assert shown["scan"]["findings"][0]["code"] == "global"
    assert ArtifactScan.objects.filter(workspace=workspace).count() == 1


def test_a_scan_elsewhere_tells_nothing_here(workspace: Workspace) -> None:
    stored(workspace)
    while claim_and_run():
        pass

    assert verdict_of(stored(make_workspace())).verdict == "pending"


def test_a_second_version_of_the_same_bytes_needs_no_second_look(workspace: Workspace) -> None:
    stored(workspace)
    while claim_and_run():
        pass

    assert verdict_of(stored(workspace)).verdict == "unknown"
    assert not claim_and_run()


def test_an_auditor_may_ask_for_another_look(workspace: Workspace) -> None:
    version = stored(workspace)
    client = token_client(member(workspace, "auditor"))

    answer = client.post(f"/api/registry/versions/{version.uuid}/scans/")
    while claim_and_run():
        pass

    assert answer.status_code == 202
    assert ArtifactScan.objects.count() == 2


def test_a_promotion_takes_bytes_and_what_is_known_of_them_along(team: Team) -> None:
    version = stored(team.dev)
    while claim_and_run():
        pass

    copy = team.promote(version).target_version

    assert copy is not None
    assert copy.digest == version.digest
    assert artifact(copy).claim.workspace == team.prod
    assert verdict_of(copy) == verdict_of(version)
    reader = token_client(member(team.prod, "reader"))
    assert b"".join(get(reader, copy).streaming_content) == CONTENT


def test_a_version_without_artifacts_has_nothing_to_look_into(workspace: Workspace) -> None:
    remote = {"path": "w", "uri": "s3://b/w", "digest": sha256(b"w")}

    assert verdict_of(make_model(workspace)).verdict == "none"
    assert verdict_of(make_model(workspace, artifacts=[remote])).verdict == "unknown"
