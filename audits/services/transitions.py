"""Keep how findings went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.models import FindingTransition
from core.bulk_rows import insert_rows, make_row

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from audits.models import Finding, Scan


@dataclass(frozen=True)
class Move:
    """A finding as it stands now, and how it stood: both empty for a new one."""

    finding: Finding
    was_state: str = ""
    was_severity: str = ""

    @property
    def is_one(self) -> bool:
        """Tell whether anything changed that a transition tells."""
        before = (self.was_state, self.was_severity)
        return before != (self.finding.state, self.finding.severity)


def record(moves: Iterable[Move], *, at: datetime, scan: Scan) -> None:
    """Write what a scan changed, in its transaction, once the findings have their ids."""
    insert_rows(
        make_row(
            FindingTransition,
            {
                "at": at,
                "was_state": move.was_state,
                "was_severity": move.was_severity,
                "state": move.finding.state,
                "severity": move.finding.severity,
                "resolution": move.finding.resolution,
                "opened_at": move.finding.opened_at,
                "entry_seq": None,
            },
            {"finding": move.finding, "scan": scan},
        )
        for move in moves
        if move.is_one
    )
