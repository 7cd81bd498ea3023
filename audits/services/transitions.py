"""Keep how findings went."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audits.models import FindingTransition
from core.bulk_rows import as_stored, insert_values

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from audits.models import Finding, Scan

COLUMNS = (
    "finding",
    "was_state",
    "was_severity",
    "state",
    "severity",
    "resolution",
    "opened_at",
    "at",
    "scan",
)


class Move(NamedTuple):
    """How a finding, by its id, stood before a scan, and stands now: both empty before for a new
    one."""

    finding: int
    was_state: str
    was_severity: str
    state: str
    severity: str
    resolution: str
    opened_at: datetime

    @classmethod
    def of(cls, finding: Finding, *, was_state: str, was_severity: str) -> Move:
        """Return how ``finding`` came to stand as it does."""
        return cls(
            finding.pk,
            was_state,
            was_severity,
            finding.state,
            finding.severity,
            finding.resolution,
            finding.opened_at,
        )

    @property
    def is_one(self) -> bool:
        """Tell whether anything changed that a transition tells."""
        return (self.was_state, self.was_severity) != (self.state, self.severity)


def record(moves: Iterable[Move], *, at: datetime, scan: Scan) -> None:
    """Write what a scan changed, in its transaction."""
    tail, told = (as_stored(at), scan.pk), [move for move in moves if move.is_one]
    moments = {moment: as_stored(moment) for moment in {move.opened_at for move in told}}
    insert_values(
        FindingTransition,
        COLUMNS,
        [(*move[:-1], moments[move.opened_at], *tail) for move in told],
    )
