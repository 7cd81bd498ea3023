"""The journal's consumer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.mapping.journal import MAPPINGS
from lineage.services import recording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry


class LineageConsumer:
    """Records the lineage of each journal entry; what is recorded goes out by a task."""

    name = "lineage"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return those that have a lineage."""
        return [entry for entry in entries if entry.action in MAPPINGS]

    def consume(self, entry: SequencedEntry) -> None:
        """Record the lineage of ``entry``, once however often it is told."""
        recording.record(entry)

    def consume_all(self, entries: Sequence[SequencedEntry]) -> None:
        """Record the lineage of each entry."""
        recording.record_all(entries)
