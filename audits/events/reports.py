"""What happens to reports. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ReportRequested(Event):
    """Someone asked for a report of a scan, or about a version as of a time; ``scan`` is empty
    where none covers the version's workspace, ``framework`` where the report is of all."""

    action = "audits.report.requested"

    scan: str
    formats: list[str]
    about: str = ""
    as_of: str = ""
    framework: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportCompleted(Event):
    """A report was rendered; ``files`` maps each format, with ``_`` for ``-`` and ``.``, to its
    digest."""

    action = "audits.report.completed"

    scan: str
    files: dict[str, str]
    about: str = ""
