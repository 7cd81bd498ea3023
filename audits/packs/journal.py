"""The part of the journal that a pack cites: exact entries, proofs, checkpoint, keys, anchors."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audits.models import LogAnchor, LogKey
from audits.packs.archive import Part, gathered
from audits.queries.log import consistency, inclusion_paths
from audits.transparency.notes import opened, verifier_from
from core.canonical import canonical_json
from core.models import JournalSequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from audits.models import LogCheckpoint
    from audits.packs.cited import Cited

AT_ONCE = 500
JSON, LINES = "application/json", "application/x-ndjson"
NOTE = "text/plain; charset=utf-8"
FILE = "file"


@dataclass(frozen=True)
class Keys:
    """The keys that sign packs and attestations, with what the log's key said of each."""

    packs: LogKey
    attestations: LogKey


def journal_parts(cited: Cited, *, keys: Keys) -> Iterator[Part]:
    """Yield the files under ``journal/`` and ``keys/``."""
    checkpoint = cited.checkpoint
    yield Part("journal/checkpoint", NOTE, [checkpoint.note.encode()])
    yield Part("journal/entries.ndjson", LINES, gathered(_bodies(cited)))
    yield Part("journal/proofs.ndjson", LINES, gathered(_proofs(cited)))
    yield Part("journal/anchors.ndjson", LINES, gathered(_anchors(checkpoint)))
    yield Part("keys/log.ndjson", LINES, gathered(_rotations(checkpoint, keys)))
    yield Part("keys/pack.json", JSON, [_vouched(keys.packs)])
    yield Part("keys/attestations.json", JSON, [_vouched(keys.attestations)])


def log_claims(cited: Cited) -> dict[str, Any]:
    """Return what the manifest says of the log."""
    checkpoint = cited.checkpoint
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": base64.b64encode(bytes(checkpoint.root)).decode("ascii"),
        "entries": len(cited.places),
    }


def _bodies(cited: Cited) -> Iterator[bytes]:
    """Exactly the bytes that were hashed, one entry a line, in their order."""
    for start in range(0, len(cited.places), AT_ONCE):
        rows = (
            JournalSequence.objects.filter(seq__in=cited.places[start : start + AT_ONCE])
            .order_by("seq")
            .values_list("entry__body", flat=True)
        )
        for body in rows:
            yield bytes(body) + b"\n"


def _proofs(cited: Cited) -> Iterator[bytes]:
    """A line for each line of the entries: its place, and its path to the root."""
    paths = inclusion_paths(cited.places, size=cited.checkpoint.size)
    for index, path in zip(cited.places, paths, strict=True):
        yield _line({"index": index, "proof": _encoded(path)})


def _anchors(checkpoint: LogCheckpoint) -> Iterator[bytes]:
    """The newest anchor of each sink that was known when the checkpoint was signed.

    Later ones would be nearer, and others in every attempt. Each comes with the proof that the
    checkpoint's tree goes on from it. The paths of files here are nobody's business.
    """
    newest: dict[str, LogAnchor] = {}
    known = LogAnchor.objects.filter(
        checkpoint__size__lte=checkpoint.size,
        checkpoint__origin=checkpoint.origin,
        anchored_at__lte=checkpoint.created_at,
    )
    for sink in sorted(set(known.order_by().values_list("sink", flat=True))):
        row = known.filter(sink=sink).order_by("-checkpoint__size").first()
        assert row is not None  # there is at least the one that told of the sink
        name = sink.partition(":")[0] if sink.startswith(f"{FILE}:") else sink
        newest[name] = row
    for name, row in sorted(newest.items()):
        proof = consistency(row.checkpoint.size, checkpoint.size).proof
        yield _line(
            {
                "sink": name,
                "size": row.checkpoint.size,
                "note": _cosigned(row.checkpoint, by=checkpoint.created_at),
                "receipt": row.receipt,
                "consistency": _encoded(list(proof)),
            }
        )


def _cosigned(anchored: LogCheckpoint, *, by: datetime) -> str:
    """The note with the lines of the witnesses that had cosigned it by then."""
    lines = anchored.cosignatures.filter(stored_at__lte=by).order_by("pk")
    return anchored.note + "".join(f"{line}\n" for line in lines.values_list("line", flat=True))


def _vouched(key: LogKey) -> bytes:
    return _line({"vkey": key.vkey, "statement": key.statement})


def _rotations(checkpoint: LogCheckpoint, keys: Keys) -> Iterator[bytes]:
    """The keys by which one who trusts the first key comes to trust those that signed here."""
    known = list(LogKey.objects.filter(purpose=LogKey.Purpose.LOG).order_by("id"))
    signed = (checkpoint.note, keys.packs.statement, keys.attestations.statement)
    for each in known[1 : max(_signer(note, known) for note in signed) + 1]:
        yield _line({"vkey": each.vkey, "statement": each.statement})


def _signer(note: str, keys: list[LogKey]) -> int:
    """Return the place of the first key that signed a note; raises NoteError."""
    known = [verifier_from(each.vkey) for each in keys]
    _, found = opened(note, verifiers=known)
    return min(known.index(each) for each in found)


def _encoded(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(each).decode("ascii") for each in hashes]


def _line(value: Any) -> bytes:
    return canonical_json(value) + b"\n"
