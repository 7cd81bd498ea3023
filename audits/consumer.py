"""The journal's consumer: breaches and drift are findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.breaches import KINDS
from audits.services import sightings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.journal import SequencedEntry


class FindingConsumer:
    """Opens a finding when a threshold is breached or drift begins, and resolves it when that is
    over."""

    name = "findings"

    def select(self, entries: Sequence[SequencedEntry]) -> Sequence[SequencedEntry]:
        """Return those that tell of a breach or of drift."""
        return [entry for entry in entries if entry.action in KINDS]

    def consume(self, entry: SequencedEntry) -> None:
        """Follow the finding of ``entry``, once however often it is told."""
        if entry.action in KINDS:
            sightings.record(entry)
