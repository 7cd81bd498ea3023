"""The journal's consumer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.services import recording

if TYPE_CHECKING:
    from core.journal import SequencedEntry


class LineageConsumer:
    """Records the lineage of each journal entry; what is recorded goes out by a task."""

    name = "lineage"

    def consume(self, entry: SequencedEntry) -> None:
        """Record the lineage of ``entry``, once however often it is told."""
        recording.record(entry)
