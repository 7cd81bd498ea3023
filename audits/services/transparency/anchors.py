"""Put checkpoints where whoever can write the database cannot reach them.

Removing the newest entries together with their checkpoints leaves a log that is sound in itself;
so does restoring an old backup. Only what was told outside shows it.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from audits.models import LogAnchor, LogSink
from audits.queries.log import LogDamaged, signed_root
from audits.services.transparency import sinks
from audits.services.transparency.repositories import read_checkpoint
from audits.transparency.notes import Checkpoint, NoteError, checkpoint_from
from core.errors import InvalidInput

if TYPE_CHECKING:
    from audits.models import LogCheckpoint

logger = logging.getLogger(__name__)
OFF = "off"
TAIL = 64 * 1024
REMEDY = (
    "Restore a newer backup, or go on with manage.py resume_log, which puts the loss on record."
)


def anchor(checkpoint: LogCheckpoint) -> None:
    """Append the checkpoint to the anchor file, on the disk when this returns.

    A file that cannot be written is an error in the log and in the metrics; the log goes on, for
    entries must not wait for another disk.
    """
    path = anchor_file()
    if path is None:
        return
    line = {"anchored_at": checkpoint.created_at.isoformat(), "note": checkpoint.note}
    sink, error = f"file:{path}", ""
    try:
        _append(path, json.dumps(line, ensure_ascii=False, sort_keys=True))
        LogAnchor.objects.get_or_create(checkpoint=checkpoint, sink=sink)
    except OSError as failure:
        logger.exception("the checkpoint of %s entries could not be anchored", checkpoint.size)
        error = f"{type(failure).__name__}: {failure}"[:400]
    _note(sink, checkpoint, error)


def _note(name: str, checkpoint: LogCheckpoint, error: str) -> None:
    row, _ = LogSink.objects.get_or_create(name=name)
    row.error = error
    row.attempts = row.attempts + 1 if error else 0
    row.failing_since = (row.failing_since or checkpoint.created_at) if error else None
    if not error:
        row.origin, row.size = checkpoint.origin, checkpoint.size
        row.moved_at = checkpoint.created_at
    row.save()


def anchor_file() -> Path | None:
    """Return where checkpoints are appended, None where that is switched off."""
    path = Path(settings.LOG_ANCHOR_FILE)
    return None if path.name == OFF else path


def newest_anchored() -> Checkpoint | None:
    """Return the last checkpoint in the anchor file.

    Raises LogDamaged for a file that ends in something else: an operator has to look at it.
    """
    path = anchor_file()
    if path is None or not path.exists():
        return None
    # What stands behind the last newline is a line that a crash cut short.
    lines = _tail(path).rpartition("\n")[0].splitlines()
    if not lines:
        return None
    try:
        line: dict[str, Any] = json.loads(lines[-1])
        return checkpoint_from(str(line["note"]).rpartition("\n\n")[0] + "\n")
    except (ValueError, KeyError, TypeError, NoteError) as error:
        raise LogDamaged(f"{path} does not end in a checkpoint: {error}") from error


@dataclass(frozen=True)
class Told:
    """A tree that ``place`` outside of the database knows; ``root`` is None where it did not say.

    ``is_disputed`` says that the place has been asked, and that the log is no extension of it.
    """

    place: str
    size: int
    root: bytes | None
    is_disputed: bool = False


def told_outside(origin: str) -> list[Told]:
    """Return what is known outside of the log under that name: of the anchor file and the clone of
    the repository, which lie here, and of sinks that disputed when they were asked last.

    Anchors of an earlier name were given up when the log was resumed.
    """
    here = [("the anchor", newest_anchored())]
    if settings.LOG_GIT:
        here.append(("the repository", read_checkpoint(settings.LOG_GIT_FOLDER)))
    found = [
        Told(place, known.size, known.root)
        for place, known in here
        if known is not None and known.origin == origin
    ]
    disputing = LogSink.objects.filter(origin=origin).exclude(dispute="")
    names = _configured() if disputing else set()
    return found + [
        Told(row.dispute, row.known_size or 0, None, is_disputed=True)
        for row in disputing
        if row.name in names
    ]


def _configured() -> set[str]:
    try:
        return {each.name for each in sinks.configured()}
    except InvalidInput:
        return set()  # a system check tells of it


def require_known(latest: LogCheckpoint | None, *, origin: str) -> None:
    """Raise LogDamaged unless the database has all that was told outside under ``origin``, the
    log's present name; ``latest`` is the newest checkpoint of the database."""
    size = latest.size if latest else 0
    for told in told_outside(origin):
        if told.size > size:
            raise LogDamaged(
                f"{told.place if told.is_disputed else _has(told)}, the database one of {size}: it "
                f"was restored from an older backup, or entries were removed. {REMEDY}"
            )
        if told.is_disputed:
            raise LogDamaged(f"{told.place}, which the log does not extend. {REMEDY}")
        if told.size and signed_root(told.size) != told.root:
            raise LogDamaged(f"{told.place} has another tree of {told.size} entries")


def _has(told: Told) -> str:
    return f"{told.place} has a tree of {told.size} entries"


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        # A line that a crash cut short must not swallow this one.
        if file.tell() and not _tail(path, size=1).endswith("\n"):
            file.write("\n")
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def _tail(path: Path, *, size: int = TAIL) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read().decode("utf-8", errors="replace")
