"""Cosignatures: that a witness saw a checkpoint, and when, and none that contradicts it.

Source: C2SP tlog-cosignature, version 1, the Ed25519 kind (0x04).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audits.transparency.notes import (
    COSIGNATURE,
    KEY_ID_SIZE,
    NoteError,
    signature_of,
    verifier_from,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audits.transparency.notes import Verifier

TIME_SIZE = 8
SIGNATURE_SIZE = 64
LATEST = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class Cosignature:
    """A line to add to a checkpoint's note, and the moment that the witness put into it."""

    line: str
    at: datetime


def witness_key(encoded: str) -> Verifier:
    """Return the witness' key that ``name+id+base64`` spells; raises NoteError."""
    return verifier_from(encoded, kind=COSIGNATURE)


def cosigned_text(text: str, *, seconds: int) -> bytes:
    """Return what a witness signs of the text of a checkpoint, ``seconds`` since 1970."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def cosignature_of(text: str, lines: Iterable[str], *, witness: Verifier) -> Cosignature:
    """Return the cosignature of ``witness`` among ``lines``; raises NoteError where there is none,
    or a wrong one."""
    for line in lines:
        name, raw = signature_of(line)
        if (name, raw[:KEY_ID_SIZE]) == (witness.name, witness.key_id):
            return _verified(text, line, raw[KEY_ID_SIZE:], witness)
    raise NoteError(f"{witness.name} did not cosign with the key that is known of it")


def _verified(text: str, line: str, raw: bytes, witness: Verifier) -> Cosignature:
    if len(raw) != TIME_SIZE + SIGNATURE_SIZE:
        raise NoteError(f"the cosignature of {witness.name} has {len(raw)} bytes, not 72")
    seconds = int.from_bytes(raw[:TIME_SIZE], "big")
    if seconds > LATEST or not witness.signed(
        cosigned_text(text, seconds=seconds), raw[TIME_SIZE:]
    ):
        raise NoteError(f"the cosignature of {witness.name} is wrong")
    return Cosignature(line, datetime.fromtimestamp(seconds, tz=UTC))
