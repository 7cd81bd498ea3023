"""What happens in audits. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class TrailExported(Event):
    """Someone took journal entries out: which, how many, and up to which."""

    action = "audits.trail.exported"

    format: str
    filters: dict[str, str]
    entries: int
    last_entry: str | None


@dataclass(frozen=True, kw_only=True)
class ScanEvent(Event):
    """Base of what happens to a scan; ``subject`` is the scan's id."""

    scope: str
    workspaces: list[str]
    as_of: str


@dataclass(frozen=True, kw_only=True)
class ScanStarted(ScanEvent):
    """A scan was asked for; its population is that of ``as_of``."""

    action = "audits.scan.started"


@dataclass(frozen=True, kw_only=True)
class ScanCompleted(ScanEvent):
    """Every workspace in scope was scanned; ``digest`` covers the complete result set."""

    action = "audits.scan.completed"

    counts: dict[str, int]
    tools: list[str]


@dataclass(frozen=True, kw_only=True)
class WorkspaceScanned(Event):
    """A scan is through with a workspace; ``digest`` covers every result there.

    ``rules`` tell per policy how many questions ended in each state, at most two hundred of them;
    ``is_truncated`` that there were more.
    """

    action = "audits.scan.workspace_scanned"

    scan: str
    as_of: str
    rules: list[dict[str, Any]]
    is_truncated: bool


@dataclass(frozen=True, kw_only=True)
class FindingsEvent(Event):
    """Base of what a scan of one workspace did to findings: one entry per workspace and change.

    ``findings`` holds the first hundred; ``count`` and ``digest`` cover all of them. Where no scan
    but a breach or drift did it, ``entry`` is the journal entry that told of that.
    """

    scan: str | None = None
    entry: str | None = None
    count: int
    findings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FindingsOpened(FindingsEvent):
    """Something failed a policy or a threshold that it was not known to fail."""

    action = "audits.finding.opened"


@dataclass(frozen=True, kw_only=True)
class FindingsReopened(FindingsEvent):
    """Something that had been mended fails again: a regression, or an exemption that ended."""

    action = "audits.finding.reopened"


@dataclass(frozen=True, kw_only=True)
class FindingsResolved(FindingsEvent):
    """Something no longer fails, or is no longer in scope; each member says which."""

    action = "audits.finding.resolved"


@dataclass(frozen=True, kw_only=True)
class FindingsExempted(FindingsEvent):
    """Something fails still, and an exemption now covers it."""

    action = "audits.finding.exempted"


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


@dataclass(frozen=True, kw_only=True)
class LogKeyAdded(Event):
    """The transparency log has its first key."""

    action = "audits.log.key_added"

    vkey: str


@dataclass(frozen=True, kw_only=True)
class LogKeyRotated(Event):
    """Another key signs the log from now on; ``statement`` is signed by the old and the new one."""

    action = "audits.log.key_rotated"

    was: str
    vkey: str
    statement: str


@dataclass(frozen=True, kw_only=True)
class ReceiptKeyDelegated(Event):
    """A key signs receipts in the name of the log; ``statement`` is signed by the log's key."""

    action = "audits.log.receipt_key_delegated"

    vkey: str
    statement: str


@dataclass(frozen=True, kw_only=True)
class LogResumed(Event):
    """An operator let the log go on from a database that is older than an anchor.

    ``lost_size`` and ``lost_root`` are what the anchor had; what came after ``size`` is gone.
    """

    action = "audits.log.resumed"

    size: int
    lost_size: int
    lost_root: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class LogExported(Event):
    """An operator wrote the whole log, entries of every workspace, to a folder."""

    action = "audits.log.exported"

    entries: int
