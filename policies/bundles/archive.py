"""OPA bundles as bytes: gzip tar archives, written alike every time and read with caps.

Source: "Bundles" in OPA's management documentation: ``*.rego``, ``data.json`` or ``data.yaml``, and
``.manifest`` with ``revision``, ``roots``, ``rego_version`` and ``metadata``. Equal content gives
equal bytes, whatever the machine and the moment, so that an ETag or a signature can rest on them.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MANIFEST = ".manifest"
MAX_PACKED_BYTES = 16 * 1024 * 1024
MAX_BYTES = 64 * 1024 * 1024
MAX_FILES = 5_000
MAX_PATH = 400
# OPA knows three files by names that start with a dot; every other part starts with a letter,
# a digit or an underscore.
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]*\Z")
_DOTTED = frozenset({MANIFEST, ".signatures.json"})


class InvalidBundle(ValueError):
    """An archive that is no bundle, or larger than what is taken; the text says where and why."""


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself; ``roots`` are the paths of data and packages that it owns."""

    revision: str
    roots: tuple[str, ...]
    rego_version: int = 1
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Archive:
    """What was read: the files by path, sorted and without the manifest, and the manifest."""

    files: Mapping[str, bytes]
    manifest: Manifest


def build(
    files: Mapping[str, bytes],
    *,
    revision: str,
    roots: Sequence[str],
    metadata: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the bundle of ``files`` (by path below the bundle's root), deterministically.

    Raises InvalidBundle for a path that `read` would not take, and for a file named ``.manifest``.
    """
    if MANIFEST in files:
        raise InvalidBundle(f"{MANIFEST} is written here")
    whole = {**files, MANIFEST: manifest_bytes(revision, roots=roots, metadata=metadata)}
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(whole):
            entry = tarfile.TarInfo(checked_path(path))
            entry.size, entry.mode = len(whole[path]), 0o644
            tar.addfile(entry, io.BytesIO(whole[path]))
    return gzip.compress(plain.getvalue(), compresslevel=9, mtime=0)


def manifest_bytes(
    revision: str, *, roots: Sequence[str], metadata: Mapping[str, Any] | None = None
) -> bytes:
    """Return the text of ``.manifest``; raises InvalidBundle for a root inside another root."""
    owned = sorted(set(roots))
    for outer in owned:
        for inner in owned:
            if inner != outer and (not outer or inner.startswith(f"{outer}/")):
                raise InvalidBundle(f"the root {inner!r} lies inside the root {outer!r}")
    manifest: dict[str, Any] = {"revision": revision, "rego_version": 1, "roots": owned}
    if metadata:
        manifest["metadata"] = dict(metadata)
    return json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def read(content: bytes) -> Archive:
    """Return what a bundle holds.

    Raises InvalidBundle for more than `MAX_PACKED_BYTES`, `MAX_BYTES` unpacked or `MAX_FILES`
    files, for links and devices, for paths that leave the bundle or stand twice, and for a
    manifest that is none. Nothing is written anywhere.
    """
    if len(content) > MAX_PACKED_BYTES:
        raise InvalidBundle(f"{len(content)} bytes, at most {MAX_PACKED_BYTES} are taken")
    plain = _unpacked(content)
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as tar:
            for path, body in _entries(tar):
                if path in files:
                    raise InvalidBundle(f"{path} stands twice")
                files[path] = body
    except (tarfile.TarError, OverflowError, UnicodeError) as error:
        raise InvalidBundle(f"not a tar archive: {error}") from error
    return archive_of(files)


def archive_of(files: Mapping[str, bytes]) -> Archive:
    """Return what files in a folder hold, by path; raises InvalidBundle as `read` does."""
    if len(files) > MAX_FILES:
        raise InvalidBundle(f"{len(files)} files, at most {MAX_FILES} are taken")
    size = sum(len(body) for body in files.values())
    if size > MAX_BYTES:
        raise InvalidBundle(f"{size} bytes, at most {MAX_BYTES} are taken")
    if MANIFEST not in files:
        raise InvalidBundle(f"there is no {MANIFEST}")
    kept = {checked_path(path): files[path] for path in sorted(files) if path != MANIFEST}
    return Archive(kept, read_manifest(files[MANIFEST]))


def read_manifest(text: bytes) -> Manifest:
    """Return the manifest; raises InvalidBundle."""
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidBundle(f"{MANIFEST} is no JSON: {error}") from error
    if not isinstance(stored, dict):
        raise InvalidBundle(f"{MANIFEST} must be an object")
    revision, roots = stored.get("revision", ""), stored.get("roots", [""])
    version, metadata = stored.get("rego_version", 0), stored.get("metadata", {})
    if not isinstance(revision, str) or not _are_texts(roots) or not isinstance(metadata, dict):
        reason = "must have text as revision, a list of text as roots, an object as metadata"
        raise InvalidBundle(f"{MANIFEST} {reason}")
    if version != 1 or isinstance(version, bool):
        raise InvalidBundle(f"{MANIFEST}: rego_version must be 1, not {version!r}")
    return Manifest(revision, tuple(roots), 1, metadata)


def checked_path(path: str) -> str:
    """Return a path that stays inside the bundle, without a slash or ``./`` in front; else raises
    InvalidBundle."""
    plain = path.removeprefix("./").removeprefix("/")
    parts = plain.split("/")
    is_safe = all(_PART.match(part) for part in parts[:-1]) and (
        _PART.match(parts[-1]) or plain in _DOTTED
    )
    if not is_safe or len(plain) > MAX_PATH:
        raise InvalidBundle(f"{path[:80]!r} is no path inside a bundle")
    return plain


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            plain = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidBundle(f"not gzip: {error}") from error
    if len(plain) > MAX_BYTES:
        raise InvalidBundle(f"more than {MAX_BYTES} bytes when unpacked")
    return plain


def _entries(tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for count, entry in enumerate(tar, start=1):
        if count > MAX_FILES:
            raise InvalidBundle(f"more than {MAX_FILES} entries")
        if entry.isdir():
            continue
        if not entry.isreg() or entry.issparse():
            raise InvalidBundle(f"{entry.name[:80]!r} is no plain file")
        body = tar.extractfile(entry)
        assert body is not None  # a plain file has a body
        yield checked_path(entry.name), body.read()


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
