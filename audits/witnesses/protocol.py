"""Ask a witness to cosign a checkpoint, and understand what it answers.

Source: C2SP tlog-witness. A request is the size that the witness is thought to know, the proof
that the new tree extends it, and the signed checkpoint.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from audits.transparency.notes import SIZE, NoteError, checkpoint_from, parted
from audits.witnesses.cosignatures import cosignature_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audits.transparency.notes import Verifier
    from audits.witnesses.cosignatures import Cosignature

PATH = "add-checkpoint"
MOST_HASHES = 63
HINTS = {
    HTTPStatus.NOT_FOUND: "the witness does not know this log: give it the log's origin and key",
    HTTPStatus.FORBIDDEN: "the witness does not trust the log's key: give it the key",
    HTTPStatus.BAD_REQUEST: "the witness did not understand the checkpoint",
}


@dataclass(frozen=True)
class Knows:
    """The witness has cosigned a tree of another size than it was told; nothing was cosigned."""

    size: int


@dataclass(frozen=True)
class Disputes:
    """The witness has cosigned a tree that the new one does not extend."""


@dataclass(frozen=True)
class Fails:
    """Nothing was cosigned; ``reason`` is for the operator, and it is tried again."""

    reason: str


def request(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """Return the body of a request: ``proof`` is that the tree of ``note`` extends that of ``old``
    entries, and empty where there is nothing to prove."""
    if len(proof) > MOST_HASHES:
        raise ValueError("no consistency proof has so many hashes")
    hashes = "".join(f"{base64.b64encode(each).decode('ascii')}\n" for each in proof)
    return f"old {old}\n{hashes}\n{note}".encode()


def answer(
    status: int, body: bytes, *, old: int, note: str, witness: Verifier
) -> Cosignature | Knows | Disputes | Fails:
    """Return what a witness' answer to a request of the same ``old`` and ``note`` means."""
    text, told = parted(note)[0], body.decode("utf-8", "replace")
    if status == HTTPStatus.OK:
        try:
            return cosignature_of(text, told.splitlines(), witness=witness)
        except NoteError as error:
            return Fails(str(error))
    if status == HTTPStatus.CONFLICT:
        return _conflict(told.strip(), old=old, size=checkpoint_from(text).size)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return Disputes()
    try:
        hint = HINTS.get(HTTPStatus(status), "the witness cosigned nothing")
    except ValueError:
        hint = "the witness cosigned nothing"
    return Fails(f"{hint} ({status}: {told.strip()[:120]})")


def _conflict(told: str, *, old: int, size: int) -> Knows | Disputes | Fails:
    if not SIZE.match(told):
        return Fails(f"the witness answered 409 without a size: {told[:80]!r}")
    if int(told) != old:
        return Knows(int(told))
    if old == size:
        return Disputes()  # it knows a tree of that very size, with another root
    return Fails(f"the witness says that it knows {old} entries, and that it does not")
