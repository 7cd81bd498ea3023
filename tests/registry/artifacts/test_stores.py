"""Both stores do the same: the folder, and a real S3-compatible server in another process."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.canonical import sha256
from registry.storage.base import BlobStore, Missing, StoreFailed
from registry.storage.files import open_object
from registry.storage.opening import open_store
from tests.support.parts import PartMissing, missing
from tests.support.processes import ManagedProcess, free_port
from tests.support.tools import Tool

# More than one part of a multipart upload.
LARGE = [bytes([number % 251]) * 1_000_003 for number in range(40)]


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a server that has the bucket `artifacts`."""
    try:
        tool = Tool.install("moto-5.2.5", ["moto[server]==5.2.5"])
    except PartMissing as error:
        missing(str(error))
    port = free_port()
    log = tmp_path_factory.mktemp("s3") / "server.log"
    command = [tool.program("moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    server = ManagedProcess.start(command, name="s3", log=log)
    try:
        server.wait_for_port(port)
        endpoint = f"http://127.0.0.1:{port}"
        made = urllib.request.Request(f"{endpoint}/artifacts", method="PUT")  # noqa: S310 - ours
        urllib.request.urlopen(made, timeout=60).close()  # noqa: S310 - ours
        yield endpoint
    finally:
        server.stop()


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> BlobStore:
    if request.param == "folder":
        return open_store((tmp_path / "blobs").as_uri())
    settings = {
        "AWS_ENDPOINT_URL": request.getfixturevalue("bucket"),
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "tests",
        "AWS_SECRET_ACCESS_KEY": "tests",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return open_store(f"s3://artifacts/{tmp_path.name}")


def test_what_is_put_is_read_again_in_whole_and_in_part(store: BlobStore) -> None:
    whole = b"".join(LARGE)

    stored = store.put(iter(LARGE))

    assert (stored.digest, stored.size) == (sha256(whole), len(whole))
    assert store.size(stored.key) == len(whole)
    assert b"".join(store.read(stored.key)) == whole
    for start, end in ((0, 1), (5, 5), (999_999, 20_000_001), (len(whole) - 1, len(whole))):
        assert b"".join(store.read(stored.key, start=start, end=end)) == whole[start:end]


def test_nothing_is_a_content_too(store: BlobStore) -> None:
    stored = store.put([])

    assert (stored.digest, stored.size) == (sha256(b""), 0)
    assert b"".join(store.read(stored.key)) == b""


@pytest.mark.parametrize("chunks", [0, 1, 39])
def test_what_breaks_off_leaves_nothing(store: BlobStore, chunks: int) -> None:
    def broken() -> Iterator[bytes]:
        yield from LARGE[:chunks]
        raise ConnectionResetError("cut")

    with pytest.raises(ConnectionResetError):
        store.put(broken())

    assert list(store.items()) == []


def test_equal_content_gets_a_key_of_its_own_each_time(store: BlobStore) -> None:
    first, second = store.put([b"same"]), store.put([b"same"])
    store.delete(first.key)
    store.delete(first.key)

    assert first.digest == second.digest
    assert [item.key for item in store.items()] == [second.key]
    with pytest.raises(Missing):
        store.size(first.key)
    with pytest.raises(Missing):
        list(store.read(first.key))


def test_an_object_is_read_like_a_file(store: BlobStore) -> None:
    stored = store.put([b"0123456789" * 100_000])

    with open_object(store, stored.key) as file:
        file.seek(-5, 2)
        assert file.read() == b"56789"
        assert file.seek(10) == 10
        assert file.read(3) == b"012"
        file.seek(2_000_000)
        assert file.read(1) == b""


def test_a_key_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    store = open_store((tmp_path / "blobs").as_uri())

    with pytest.raises(StoreFailed, match="leads out"):
        list(store.read("../secret"))


def test_a_file_is_its_owners_alone_and_nobody_may_write_it(tmp_path: Path) -> None:
    stored = open_store(tmp_path.as_uri()).put([b"bytes"])

    assert (tmp_path / stored.key).stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize("url", ["", "ftp://x", "s3://", "file://host/path", "relative/path"])
def test_another_url_is_no_store(url: str) -> None:
    with pytest.raises(ValueError, match="MUNIMENT_BLOBS_URL"):
        open_store(url)
