"""The file of a bundle: one byte form, readable by anybody, and no byte of it can be changed."""

from __future__ import annotations

import io
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles.archive import BadArchive, Writer, entries
from registry.bundles.manifest import BadBundle, opened, write
from registry.bundles.signing import fingerprint, public_pem

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PARTS = {"content/members.json": b'{"a":1}', "blobs/sha256/ab": b"\x00" * 70, "origin/a.json": b""}
NAMES = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,8}(/[a-z0-9][a-z0-9_.-]{0,8}){0,2}", fullmatch=True)
RESERVED = {"manifest.json", "signature.json"}


def bundled(parts: dict[str, bytes], *, key: Ed25519PrivateKey = KEY) -> bytes:
    file = io.BytesIO()
    write(file, [(name, [data]) for name, data in parts.items()], key=key)
    return file.getvalue()


@given(st.dictionaries(NAMES, st.binary(max_size=50), max_size=6))
def test_what_was_bundled_is_what_is_found(parts: dict[str, bytes]) -> None:
    parts = {name: data for name, data in parts.items() if name not in RESERVED}

    bundle = opened(io.BytesIO(bundled(parts)))

    assert {name: bundle.read(name) for name in parts} == parts
    assert bundle.signer == fingerprint(public_pem(KEY))
    assert bundled(parts) == bundled(parts)


def test_any_zip_reader_opens_it() -> None:
    with zipfile.ZipFile(io.BytesIO(bundled(PARTS))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in PARTS} == PARTS


def test_every_flipped_byte_is_found() -> None:
    data = bundled(PARTS)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 + place % 255
        with pytest.raises(BadBundle):
            opened(io.BytesIO(bytes(changed)))


@settings(max_examples=60)
@given(st.data())
def test_cutting_adding_and_moving_bytes_is_found(data: st.DataObject) -> None:
    whole = bundled(PARTS)
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start, len(whole)))
    put = data.draw(st.binary(max_size=20))
    changed = whole[:start] + put + whole[end:]

    if changed != whole:
        with pytest.raises(BadBundle):
            opened(io.BytesIO(changed))


def test_a_signature_by_another_key_names_another_signer() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"x" * 32)

    assert opened(io.BytesIO(bundled(PARTS, key=other))).signer == fingerprint(public_pem(other))


def test_the_digest_of_the_content_does_not_depend_on_the_origin() -> None:
    elsewhere = PARTS | {"origin/a.json": b"other"}
    changed = PARTS | {"content/members.json": b"{}"}

    digests = [opened(io.BytesIO(bundled(parts))).content_digest for parts in (PARTS, elsewhere)]

    assert digests[0] == digests[1]
    assert opened(io.BytesIO(bundled(changed))).content_digest != digests[0]


@pytest.mark.parametrize("name", ["../up", "/root", "a//b", "a/../b", "A", "a\\b", "", "x" * 201])
def test_an_entry_cannot_lead_out_of_the_archive(name: str) -> None:
    with pytest.raises(BadArchive):
        Writer(io.BytesIO()).add(name, [b""])
    hostile = io.BytesIO()
    with zipfile.ZipFile(hostile, "w") as archive:
        archive.writestr(name or "-", b"x")
    with pytest.raises(BadArchive):
        entries(hostile)


def test_a_compressed_archive_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\x00" * 10_000_000)

    with pytest.raises(BadArchive):
        entries(bomb)


@given(st.binary(max_size=200))
def test_any_other_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadBundle):
        opened(io.BytesIO(data))
