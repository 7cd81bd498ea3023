"""Signed notes and checkpoints, and the Ed25519 keys that sign them.

Sources: C2SP signed-note and tlog-checkpoint; RFC 8032 for Ed25519. A checkpoint is a note of
three lines: the log's origin, the size of the tree, and its root in base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audits.transparency.merkle import HASH_SIZE

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
KEY_ID_SIZE = 4
NAME = re.compile(r"[^\s+]{1,200}\Z")
SIGNATURE = re.compile(r"— (\S+) (\S+)\Z")
SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\Z")


class NoteError(ValueError):
    """A note, a checkpoint or a key is not what it should be."""


@dataclass(frozen=True)
class Verifier:
    """A public key and the name that it signs under; ``kind`` says what its signatures cover."""

    name: str
    public: bytes
    kind: bytes = ED25519

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which signatures name the key."""
        named = self.name.encode() + b"\n" + self.kind + self.public
        return hashlib.sha256(named).digest()[:KEY_ID_SIZE]

    def encoded(self) -> str:
        """Return the key as ``name+id+base64``, the form in which verifiers take it."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(self.kind + self.public)}"

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Tell whether the key made the 64 bytes of ``signature`` for ``text``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


class Signer:
    """A private key, from its 32 bytes of seed, under a name."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not NAME.match(name):
            raise NoteError("the name of a key has no space and no plus sign")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """Return the 64 bytes of a signature."""
        return self._key.sign(text)

    def signature_line(self, text: str) -> str:
        """Return the line that a signature of ``text`` adds to its note."""
        signed = self.verifier.key_id + self.sign(text.encode())
        return f"— {self.verifier.name} {_base64(signed)}\n"


def verifier_from(encoded: str, *, kind: bytes = ED25519) -> Verifier:
    """Return the key that ``name+id+base64`` spells; raises NoteError, also for another kind."""
    name, _, rest = encoded.partition("+")
    key_id, _, data = rest.partition("+")
    raw = _unbase64(data)
    if not NAME.match(name) or len(raw) != 1 + HASH_SIZE or raw[:1] != kind:
        raise NoteError(f"a key is name+id+base64 of an Ed25519 key of kind {kind[0]}")
    found = Verifier(name, raw[1:], kind)
    if found.key_id.hex() != key_id:
        raise NoteError(f"the id {key_id[:8]!r} is not that of the key")
    return found


@dataclass(frozen=True)
class Checkpoint:
    """A size of a log and the root of its tree at that size."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return what is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def signed_note(text: str, *signers: Signer) -> str:
    """Return a note: the text, an empty line, and a line of each signer."""
    if not text.endswith("\n") or not signers:
        raise NoteError("a note ends with a newline and has a signature")
    return f"{text}\n{''.join(signer.signature_line(text) for signer in signers)}"


def opened(note: str, *, verifiers: list[Verifier]) -> tuple[str, list[Verifier]]:
    """Return the text of a note, and which of the keys signed it.

    Signatures by other keys are passed over; a wrong one under a known key is a NoteError, as is
    a note that none of the keys signed.
    """
    text, lines = parted(note)
    known = {(each.name, each.key_id): each for each in verifiers}
    found: list[Verifier] = []
    for line in lines:
        name, raw = signature_of(line)
        verifier = known.get((name, raw[:KEY_ID_SIZE]))
        if verifier is None or verifier in found:
            continue
        if not verifier.signed(text.encode(), raw[KEY_ID_SIZE:]):
            raise NoteError(f"the signature of {verifier.name} is wrong")
        found.append(verifier)
    if not found:
        raise NoteError("none of the known keys signed it")
    return text, found


def parted(note: str) -> tuple[str, list[str]]:
    """Return the text of a note, which is what is signed, and its lines of signatures."""
    text, mark, lines = note.rpartition("\n\n")
    if not mark or not lines.endswith("\n"):
        raise NoteError("a note is a text, an empty line and lines of signatures")
    return f"{text}\n", lines.splitlines()


def signature_of(line: str) -> tuple[str, bytes]:
    """Return who signed, and the four bytes of the key's id with the signature behind them."""
    if not (parts := SIGNATURE.match(line)):
        raise NoteError("a line of a signature is a dash, a name and base64")
    return parts[1], _unbase64(parts[2])


def checkpoint_from(text: str) -> Checkpoint:
    """Return the checkpoint that the text of a note is; raises NoteError."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0] or not SIZE.match(lines[1]):
        raise NoteError("a checkpoint has the lines origin, size and root")
    root = _unbase64(lines[2])
    if len(root) != HASH_SIZE:
        raise NoteError(f"a root has {HASH_SIZE} bytes, not {len(root)}")
    return Checkpoint(lines[0], int(lines[1]), root)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"not base64: {text[:40]!r}") from error
