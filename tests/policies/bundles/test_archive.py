"""OPA bundles as bytes."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from policies.bundles import archive
from policies.bundles.archive import InvalidBundle, build, read

FILES = {"a/b.rego": b"package a.b\n", "data.json": b"{}", "deep/er/c.rego": "ü".encode()}
MANIFEST = b'{"revision": "1", "roots": [""], "rego_version": 1}'


def packed(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """An archive with exactly these entries."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for entry, body in entries:
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    return gzip.compress(plain.getvalue(), mtime=0)


def entry(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type = kind
    made.linkname = "/etc/passwd" if kind in {tarfile.SYMTYPE, tarfile.LNKTYPE} else ""
    return made


def test_what_was_built_is_read_again() -> None:
    found = read(build(FILES, revision="7", roots=["b", "a"], metadata={"made": {"by": "ü"}}))

    assert dict(found.files) == FILES
    assert found.manifest == archive.Manifest("7", ("a", "b"), 1, {"made": {"by": "ü"}})


def test_equal_content_gives_equal_bytes_whatever_the_order() -> None:
    first = build(FILES, revision="7", roots=["a", "b"])
    second = build(dict(reversed(FILES.items())), revision="7", roots=["b", "a"])

    assert first == second
    assert build(FILES, revision="8", roots=["a", "b"]) != first


def test_paths_as_opa_writes_them_are_read() -> None:
    found = read(packed((entry("/.manifest"), MANIFEST), (entry("./p/q.rego"), b"package p")))

    assert dict(found.files) == {"p/q.rego": b"package p"}


@pytest.mark.parametrize(
    "path",
    [
        "../evil",
        "a/../../evil",
        "a//b",
        "",
        "a\\b",
        ".hidden",
        "a/.manifest",
        "//x",
        "a\0b",
        "x" * 401,
    ],
)
def test_a_path_that_leaves_the_bundle_is_refused(path: str) -> None:
    with pytest.raises(InvalidBundle, match="no path inside a bundle"):
        build({path: b""}, revision="1", roots=[""])


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/../evil", "a/./b"])
def test_an_archive_cannot_reach_outside(name: str) -> None:
    with pytest.raises(InvalidBundle, match="no path inside a bundle"):
        read(packed((entry(".manifest"), MANIFEST), (entry(name), b"")))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_refused(kind: bytes) -> None:
    with pytest.raises(InvalidBundle, match="no plain file"):
        read(packed((entry(".manifest"), MANIFEST), (entry("a.rego", kind), b"")))


def test_a_file_that_stands_twice_is_refused() -> None:
    with pytest.raises(InvalidBundle, match="stands twice"):
        read(
            packed(
                (entry(".manifest"), MANIFEST),
                (entry("a.rego"), b"package a"),
                (entry("./a.rego"), b"package b"),
            )
        )


def test_sizes_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    content = build({"zeros.json": b"0" * 100_000}, revision="1", roots=[""])
    monkeypatch.setattr(archive, "MAX_BYTES", 50_000)
    with pytest.raises(InvalidBundle, match="when unpacked"):
        read(content)
    monkeypatch.setattr(archive, "MAX_PACKED_BYTES", 50)
    with pytest.raises(InvalidBundle, match="at most 50 are taken"):
        read(content)


def test_the_number_of_files_is_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILES", 2)

    with pytest.raises(InvalidBundle, match="more than 2"):
        read(build(FILES, revision="1", roots=[""]))


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (b"{", "no JSON"),
        (b"[]", "must be an object"),
        (b'{"rego_version": 0}', "rego_version must be 1"),
        (b"{}", "rego_version must be 1"),
        (b'{"rego_version": 1, "roots": "a"}', "roots"),
        (b'{"rego_version": 1, "revision": 3}', "revision"),
    ],
)
def test_a_manifest_must_be_one(manifest: bytes, told: str) -> None:
    with pytest.raises(InvalidBundle, match=told):
        read(packed((entry(".manifest"), manifest)))


def test_a_bundle_needs_a_manifest() -> None:
    with pytest.raises(InvalidBundle, match=r"there is no \.manifest"):
        read(packed((entry("a.rego"), b"package a")))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not gzip",
        gzip.compress(b"not tar" * 200, mtime=0),
        build(FILES, revision="1", roots=[""])[:-40],
        gzip.compress(b"a", mtime=0)[:10] + b"garbage garbage",
    ],
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidBundle):
        read(content)


def test_roots_must_not_overlap() -> None:
    with pytest.raises(InvalidBundle, match="lies inside"):
        build(FILES, revision="1", roots=["a", "a/b"])
    build(FILES, revision="1", roots=["a", "ab"])
