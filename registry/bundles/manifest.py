"""The manifest of a bundle: every entry with digest and size; what is signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.canonical import canonical_bytes, is_digest
from core.errors import InvalidInput
from registry.bundles.archive import BadArchive, Entry, Writer, chunks, entries
from registry.bundles.signing import BadSignature, signature_of, signer_of

SCHEMA = "muniment.bundle/v1"
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
CONTENT = "content/"
MAX_JSON = 64 * 1024 * 1024


class BadBundle(Exception):
    """The file is not a whole, unchanged bundle; the message says what is wrong."""


@dataclass(frozen=True)
class Bundle:
    """A verified bundle: ``content_digest`` covers what is carried, wherever it came from."""

    file: BinaryIO
    entries: dict[str, Entry]
    content_digest: str
    signer: str

    def read(self, name: str) -> bytes:
        """Return the bytes of an entry; raises BadBundle for one that is missing or too long."""
        entry = self.entries.get(name)
        if entry is None or entry.size > MAX_JSON:
            raise BadBundle(f"there is no readable entry {name!r}")
        return b"".join(chunks(self.file, entry))

    def stream(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of an entry."""
        return chunks(self.file, self.entries[name])


def write(
    file: BinaryIO, parts: Iterable[tuple[str, Iterable[bytes]]], *, key: Ed25519PrivateKey
) -> str:
    """Write a signed bundle of ``parts`` (names and bytes) and return its content digest.

    Equal parts in equal order and an equal key give equal bytes: Ed25519 is deterministic.
    """
    writer, listed = Writer(file), []
    for name, data in parts:
        counted = _Counted(data)
        writer.add(name, counted)
        listed.append({"path": name, "digest": counted.digest, "size": counted.size})
    content = content_digest(listed)
    body = {"schema": SCHEMA, "content_digest": content, "entries": listed}
    manifest = canonical_bytes(body)
    writer.add(MANIFEST, [manifest])
    writer.add(SIGNATURE, [signature_of(manifest, key=key)])
    writer.close()
    return content


def content_digest(listed: Iterable[dict[str, Any]]) -> str:
    """Return the digest over what is carried, without where it came from."""
    carried = [each for each in listed if not each["path"].startswith("origin/")]
    return f"sha256:{hashlib.sha256(canonical_bytes(carried)).hexdigest()}"


def opened(file: BinaryIO) -> Bundle:
    """Return the bundle in a seekable file after checking all of it; raises BadBundle.

    Every byte is covered: entries by the manifest, the manifest by the signature, the rest by the
    one form that an archive may have.
    """
    try:
        found = entries(file)
        names = list(found)
        if names[-2:] != [MANIFEST, SIGNATURE]:
            raise BadBundle("a bundle ends with its manifest and its signature")
        manifest = _json_bytes(file, found[MANIFEST])
        signer = signer_of(manifest, _json_bytes(file, found[SIGNATURE]))
        body = _body(manifest)
        _require_entries(file, found, body["entries"])
    except (BadArchive, BadSignature) as error:
        raise BadBundle(str(error)) from error
    if body["content_digest"] != content_digest(body["entries"]):
        raise BadBundle("the content digest is another")
    return Bundle(file, found, body["content_digest"], signer)


def _body(manifest: bytes) -> dict[str, Any]:
    try:
        body = json.loads(manifest)
        is_canonical = canonical_bytes(body) == manifest
    except (ValueError, RecursionError, InvalidInput) as error:
        raise BadBundle("the manifest is not canonical JSON") from error
    if not is_canonical or not isinstance(body, dict) or body.get("schema") != SCHEMA:
        raise BadBundle(f"the manifest is not one of {SCHEMA}")
    listed = body.get("entries")
    if set(body) != {"schema", "content_digest", "entries"} or not isinstance(listed, list):
        raise BadBundle("the manifest has other members")
    for each in listed:
        if not isinstance(each, dict) or set(each) != {"path", "digest", "size"}:
            raise BadBundle("an entry of the manifest has other members")
        if not isinstance(each["path"], str) or not is_digest(each["digest"]):
            raise BadBundle("an entry of the manifest has no digest")
    return body


def _require_entries(file: BinaryIO, found: dict[str, Entry], listed: list[dict[str, Any]]) -> None:
    if [each["path"] for each in listed] != list(found)[:-2]:
        raise BadBundle("the manifest lists other entries")
    for each in listed:
        counted = _Counted(chunks(file, found[each["path"]]))
        for _ in counted:
            pass
        if (counted.digest, counted.size) != (each["digest"], each["size"]):
            raise BadBundle(f"{each['path']!r} is not what the manifest says")


def _json_bytes(file: BinaryIO, entry: Entry) -> bytes:
    if entry.size > MAX_JSON:
        raise BadBundle(f"{entry.name!r} is over {MAX_JSON} bytes")
    return b"".join(chunks(file, entry))


class _Counted:
    """Passes chunks on, and knows their digest and size in the end."""

    def __init__(self, data: Iterable[bytes]) -> None:
        self._data, self._hash, self.size = data, hashlib.sha256(), 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._data:
            self._hash.update(chunk)
            self.size += len(chunk)
            yield chunk

    @property
    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"
