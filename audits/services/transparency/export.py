"""Write the whole log to a folder that the verifier reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from audits import verifier
from audits.events import LogExported
from audits.models import LogAnchor, LogKey, LogTile
from audits.queries.cosigned import note_of, with_cosignatures
from audits.queries.log import newest_checkpoint
from audits.services.transparency.keys import origin
from audits.services.transparency.timestamps import PREFIX
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.models import JournalSequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.actors import Actor

CHUNK = 2_000


@dataclass(frozen=True)
class Exported:
    """What was written, and the key under which it verifies."""

    folder: Path
    entries: int
    checkpoints: int
    vkey: str


def export_log(folder: Path, *, actor: Actor, is_journalled: bool = True) -> Exported:
    """Write entries, leaves, checkpoints, keys and the verifier itself to an empty folder.

    It has what the newest checkpoint covers. For operators: entries of all workspaces are in it.
    Raises InvalidInput for a folder that has something in it, Conflict where nothing is signed.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InvalidInput.of("folder", f"{folder} is not empty")
    newest = newest_checkpoint()
    first = LogKey.objects.filter(purpose=LogKey.Purpose.LOG).order_by("id").first()
    if newest is None or first is None:
        raise Conflict("Nothing has been signed yet: is the worker running?")
    folder.mkdir(parents=True, exist_ok=True)
    if is_journalled:
        with transaction.atomic():
            publish(LogExported(subject=f"log/{origin()}", entries=newest.size), actor=actor)
    with (folder / "entries.ndjson").open("wb") as file:
        for body in _bodies(newest.size):
            file.write(body + b"\n")
    with (folder / "leaves").open("wb") as file:
        for hashes in _leaves():
            file.write(hashes)
    count = _write_lines(folder / "checkpoints.ndjson", _checkpoints(newest.size))
    _write_lines(folder / "keys.ndjson", _rotations())
    if LogAnchor.objects.filter(sink__startswith=PREFIX).exists():
        _write_lines(folder / "timestamps.ndjson", _timestamps(newest.size))
    verifier_text = verifier.source()
    (folder / "muniment_verify.py").write_text(verifier_text, encoding="utf-8")
    return Exported(folder, newest.size, count, first.vkey)


def _bodies(size: int) -> Iterator[bytes]:
    """In order of seq, a chunk at a time: a journal does not fit into memory."""
    for start in range(0, size, CHUNK):
        rows = (
            JournalSequence.objects.filter(seq__gte=start, seq__lt=min(start + CHUNK, size))
            .order_by("seq")
            .values_list("entry__body", flat=True)
        )
        yield from (bytes(body) for body in rows)


def _leaves() -> Iterator[bytes]:
    tiles = LogTile.objects.filter(level=0).order_by("index").values_list("hashes", flat=True)
    return (bytes(hashes) for hashes in tiles.iterator(CHUNK))


def _checkpoints(size: int) -> Iterator[dict[str, object]]:
    rows = with_cosignatures().filter(size__lte=size).order_by("size")
    return ({"size": row.size, "note": note_of(row)} for row in rows.iterator(CHUNK))


def _timestamps(size: int) -> Iterator[dict[str, object]]:
    """Answers of authorities to each checkpoint's signed note, as DER in base64."""
    rows = LogAnchor.objects.filter(sink__startswith=PREFIX, checkpoint__size__lte=size)
    return (
        {"size": row.checkpoint.size, "authority": row.sink, "answer": row.receipt}
        for row in rows.select_related("checkpoint").order_by("checkpoint__size").iterator(CHUNK)
    )


def _rotations() -> Iterator[dict[str, object]]:
    rows = LogKey.objects.filter(purpose=LogKey.Purpose.LOG).exclude(statement="").order_by("id")
    return ({"vkey": row.vkey, "statement": row.statement} for row in rows)


def _write_lines(path: Path, lines: Iterator[dict[str, object]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return count
