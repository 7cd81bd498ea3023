"""The signed checkpoint of the transparency log that covers what a report rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.models import LogCheckpoint, LogKey
from audits.reports.moments import moment
from lineage.graph.exploration import is_settled

if TYPE_CHECKING:
    from audits.models import Scan


@dataclass(frozen=True)
class CheckpointFacts:
    """A signed tree: ``note`` is the C2SP checkpoint, ``keys`` the public keys of the log that
    were in use when it was signed. ``root`` is hexadecimal."""

    size: int
    root: str
    origin: str
    signed_at: str
    note: str
    keys: tuple[str, ...]


def checkpoint_of(scan: Scan) -> CheckpointFacts | None:
    """Return the smallest signed tree that holds all that the scan could know of: the same one
    whenever it is asked for, once it is there. Three queries."""
    found = _covering(scan) if _is_logged(scan) else None
    if found is None:
        return None
    keys = LogKey.objects.filter(purpose=LogKey.Purpose.LOG, added_at__lte=found.created_at)
    return CheckpointFacts(
        size=found.size,
        root=bytes(found.root).hex(),
        origin=found.origin,
        signed_at=moment(found.created_at),
        note=found.note,
        keys=tuple(keys.order_by("id").values_list("vkey", flat=True)),
    )


def is_awaited(scan: Scan) -> bool:
    """Tell whether that tree is still to be signed, or the lineage of the time to be told."""
    return _is_logged(scan) and (_covering(scan) is None or not is_settled(scan.as_of))


def _is_logged(scan: Scan) -> bool:
    """Whether there was a log when the scan ended, so that one covers it sooner or later: a log
    that began after that changes no report."""
    logs = LogKey.objects.filter(purpose=LogKey.Purpose.LOG, added_at__lte=scan.completed_at)
    return scan.journal_head is not None and logs.exists()


def _covering(scan: Scan) -> LogCheckpoint | None:
    covering = LogCheckpoint.objects.filter(size__gt=scan.journal_head)
    return covering.order_by("size").first()
