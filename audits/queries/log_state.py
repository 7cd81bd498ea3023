"""How far the transparency log and its anchors are: what is placed, signed, and kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, OuterRef, Subquery

from audits.models import LogAnchor, LogCheckpoint
from audits.queries.log import newest_checkpoint
from core.models import JournalPending, JournalSequence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Sink:
    """Where checkpoints are kept out of the database's reach; ``lag`` is how many signed entries
    the last one there does not cover."""

    name: str
    size: int
    anchored_at: datetime
    number: int
    lag: int


@dataclass(frozen=True)
class LogState:
    """The newest checkpoint, None before the first; how many entries are placed in the order, how
    many wait to be, and which sinks have what."""

    newest: LogCheckpoint | None
    placed: int
    pending: int
    refused: int
    sinks: Sequence[Sink]

    @property
    def unsigned(self) -> int:
        """Return how many placed entries no checkpoint covers yet."""
        return self.placed - (self.newest.size if self.newest else 0)


def log_state() -> LogState:
    """Return how far the log is; five queries."""
    newest = newest_checkpoint()
    last = JournalSequence.objects.aggregate(last=Max("seq"))["last"]
    waiting = JournalPending.objects.aggregate(all=Count("pk"), refused=Count("refused_at"))
    return LogState(
        newest=newest,
        placed=0 if last is None else last + 1,
        pending=waiting["all"] - waiting["refused"],
        refused=waiting["refused"],
        sinks=_sinks(newest.size if newest else 0),
    )


def _sinks(size: int) -> list[Sink]:
    last = LogAnchor.objects.filter(sink=OuterRef("sink")).order_by("-checkpoint__size")
    rows = (
        LogAnchor.objects.values("sink")
        .annotate(
            number=Count("pk"),
            size=Max("checkpoint__size"),
            at=Subquery(last.values("anchored_at")[:1]),
        )
        .order_by("sink")
    )
    return [
        Sink(row["sink"], row["size"], row["at"], row["number"], size - row["size"]) for row in rows
    ]
