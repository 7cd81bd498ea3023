"""Put checkpoints where whoever can write the database cannot reach them.

Removing the newest entries together with their checkpoints leaves a log that is sound in itself;
so does restoring an old backup. Only what was told outside shows it.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from audits.models import LogAnchor
from audits.queries.log import LogDamaged, checkpoint_at, root_at
from audits.transparency.notes import Checkpoint, NoteError, checkpoint_from
from core.errors import NotFound

if TYPE_CHECKING:
    from audits.models import LogCheckpoint

logger = logging.getLogger(__name__)
OFF = "off"
TAIL = 64 * 1024


def anchor(checkpoint: LogCheckpoint) -> None:
    """Append the checkpoint to the anchor file, on the disk when this returns.

    A file that cannot be written is an error in the log and in the metrics; the log goes on, for
    entries must not wait for another disk.
    """
    path = anchor_file()
    if path is None:
        return
    line = {"anchored_at": checkpoint.created_at.isoformat(), "note": checkpoint.note}
    try:
        _append(path, json.dumps(line, ensure_ascii=False, sort_keys=True))
    except OSError:
        logger.exception("the checkpoint of %s entries could not be anchored", checkpoint.size)
        return
    LogAnchor.objects.get_or_create(checkpoint=checkpoint, sink=f"file:{path}")


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


def require_known(latest: LogCheckpoint | None, *, origin: str) -> None:
    """Raise LogDamaged unless the database has all that the newest anchor tells of.

    ``latest`` is the newest checkpoint of the database, ``origin`` the log's present name: anchors
    of an earlier one were given up when the log was resumed.
    """
    anchored = newest_anchored()
    if anchored is None or anchored.origin != origin:
        return
    size = latest.size if latest else 0
    if anchored.size > size:
        raise LogDamaged(
            f"the anchor has a tree of {anchored.size} entries, the database one of {size}: it was "
            "restored from an older backup, or entries were removed. Restore a newer backup, or "
            "go on with manage.py resume_log, which puts the loss on record."
        )
    if anchored.size and _root_at(anchored.size) != anchored.root:
        raise LogDamaged(f"the anchor has another tree of {anchored.size} entries")


def _root_at(size: int) -> bytes:
    try:
        return bytes(checkpoint_at(size).root)
    except NotFound:
        return root_at(size)


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
