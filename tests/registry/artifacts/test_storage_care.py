"""Garbage collection and the check of the store: what goes, what stays, what is found."""

from __future__ import annotations

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from core.actors import system
from core.canonical import sha256
from core.errors import Conflict
from core.journal import decode
from core.models import JournalEntry
from registry.models import AssetVersion, Blob, BlobClaim, Upload, VersionArtifact, Workspace
from registry.queries.blobs import store
from registry.services import collection, deletion, fsck, uploads
from registry.services.artifacts import claim
from registry.services.collection import Collected
from tests.factories import administrator, make_model, make_upload, make_workspace, reference

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BLOBS_URL", (tmp_path / "blobs").as_uri())


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


def stored(workspace: Workspace, content: bytes) -> AssetVersion:
    upload = make_upload(workspace, content)
    return make_model(workspace, artifacts=[{"path": "w", "upload": upload.uuid}])


def file_of(content: bytes) -> Path:
    root = Path(urlsplit(settings.BLOBS_URL).path)
    return root / Blob.objects.get(digest=sha256(content)).key


def age(path: Path, by: timedelta) -> None:
    then = (timezone.now() - by).timestamp()
    os.utime(path, (then, then))


def collect(monkeypatch: pytest.MonkeyPatch, *, after: timedelta) -> Collected:
    """Collect as if that much time had passed."""
    later = timezone.now() + after
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        return collection.collect(actor=system())


def test_what_a_version_names_stays(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(workspace, b"kept")

    assert collect(monkeypatch, after=WEEK * 100).blobs == 0
    assert file_of(b"kept").read_bytes() == b"kept"


def test_what_nobody_registered_goes_once_its_upload_is_long_over(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_upload(workspace, b"dropped")
    path = file_of(b"dropped")

    early = collect(monkeypatch, after=WEEK)
    late = collect(monkeypatch, after=WEEK + uploads.LIFE + timedelta(minutes=1))

    assert (early.blobs, late.blobs, late.size) == (0, 1, 7)
    assert not path.exists()
    upload = Upload.objects.get()
    assert (upload.blob, upload.digest) == (None, sha256(b"dropped"))
    swept = decode(JournalEntry.objects.filter(action="registry.storage.swept").latest("id"))
    assert swept["data"]["digests"] == [sha256(b"dropped")]


def test_what_deleted_versions_named_goes_unless_another_names_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, shared = stored(workspace, b"alone"), stored(workspace, b"shared")
    other = stored(make_workspace(), b"shared")
    for version in (alone, shared):
        deletion.delete_version(actor=administrator(), version=reference(version), reason="old")

    collected = collect(monkeypatch, after=WEEK * 2)

    assert (collected.blobs, collected.claims_released) == (1, 2)
    assert list(Blob.objects.values_list("digest", flat=True)) == [sha256(b"shared")]
    assert BlobClaim.objects.get().artifact.version == other
    assert VersionArtifact.objects.get(version=alone).digest == sha256(b"alone")


def test_a_registration_that_comes_too_late_is_told_so(workspace: Workspace) -> None:
    version = stored(workspace, b"gone")
    artifact = VersionArtifact.objects.get(version=version)
    BlobClaim.objects.all().delete()
    Upload.objects.update(blob=None)
    collection.collect(actor=system(), grace=timedelta(0))

    with pytest.raises(Conflict, match="not stored any more"):
        claim([artifact], version=version)


def test_orphans_and_half_written_files_go_when_they_are_old(workspace: Workspace) -> None:
    make_upload(workspace, b"named")
    orphan = store().put([b"nobody's"])
    root = Path(urlsplit(settings.BLOBS_URL).path)
    half = root / "incoming" / "cut.part"
    half.write_bytes(b"ha")
    fresh = collection.collect(actor=system(), grace=timedelta(0))
    for path in (root / orphan.key, half):
        age(path, timedelta(hours=2))

    old = collection.collect(actor=system(), grace=timedelta(0))

    assert (fresh.orphans, old.orphans) == (0, 2)
    assert [item.key for item in store().items()] == [Blob.objects.get().key]


def test_a_sound_store_is_found_sound(workspace: Workspace) -> None:
    stored(workspace, b"one")
    stored(workspace, b"two!")

    checked = fsck.check(actor=system())

    assert (checked.blobs, checked.size, checked.orphans) == (2, 7, 0)
    assert checked.is_sound
    assert JournalEntry.objects.filter(action="registry.storage.checked").count() == 1


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


def test_lost_and_changed_bytes_are_found_and_nothing_is_removed(workspace: Workspace) -> None:
    for content in (b"whole", b"lost", b"changed", b"shorter"):
        stored(workspace, content)
    file_of(b"lost").unlink()
    overwrite(file_of(b"changed"), b"Changed")
    overwrite(file_of(b"shorter"), b"sho")

    fast = fsck.check(actor=system(), is_thorough=False)
    checked = fsck.check(actor=system(), repair=True)

    assert fast.missing == checked.missing == [sha256(b"lost")]
    assert fast.damaged == [sha256(b"shorter")]
    assert set(checked.damaged) == {sha256(b"changed"), sha256(b"shorter")}
    assert not checked.is_sound
    assert Blob.objects.count() == 4
    assert file_of(b"changed").exists()


def test_lost_bytes_that_lie_around_are_found_again(workspace: Workspace) -> None:
    stored(workspace, b"lost")
    file_of(b"lost").unlink()
    store().put([b"lost"])

    checked = fsck.check(actor=system(), repair=True)

    assert checked.repaired == [sha256(b"lost")]
    assert checked.is_sound
    assert fsck.check(actor=system()).missing == []


def test_a_version_that_holds_on_to_nothing_is_found_and_holds_again(
    workspace: Workspace,
) -> None:
    stored(workspace, b"bytes")
    BlobClaim.objects.all().delete()

    found = fsck.check(actor=system())
    repaired = fsck.check(actor=system(), repair=True)

    assert found.unclaimed == [sha256(b"bytes")]
    assert not found.is_sound
    assert repaired.is_sound
    assert BlobClaim.objects.get().blob.digest == sha256(b"bytes")


def test_the_commands_tell_what_they_found(workspace: Workspace) -> None:
    stored(workspace, b"bytes")
    out = StringIO()
    call_command("fsck", "--fast", stdout=out)
    call_command("collect_garbage", "--grace-hours", "0", stdout=out)
    file_of(b"bytes").unlink()
    with pytest.raises(SystemExit) as caught:
        call_command("fsck", stdout=out)

    assert caught.value.code == 1
    lines = out.getvalue().splitlines()
    assert lines[0] == "1 blobs, 5 bytes, 0 orphans"
    assert lines[1].startswith("0 blobs, 0 bytes, 0 orphans let go")
    assert lines[3] == f"missing   {sha256(b'bytes')}"
