"""What happens to reports. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ReportRequested(Event):
    """Someone asked for a report of a scan."""

    action = "audits.report.requested"

    scan: str
    formats: list[str]


@dataclass(frozen=True, kw_only=True)
class ReportCompleted(Event):
    """A report was rendered; ``files`` maps each format to its digest."""

    action = "audits.report.completed"

    scan: str
    files: dict[str, str]
