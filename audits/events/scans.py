"""What happens to scans. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ScanEvent(Event):
    """Base of what happens to a scan; ``subject`` is the scan's id."""

    scope: str
    workspaces: list[str]
    as_of: str


@dataclass(frozen=True, kw_only=True)
class ScanStarted(ScanEvent):
    """A scan was asked for, by ``schedule`` where one did; its population is that of ``as_of``."""

    action = "audits.scan.started"

    schedule: str | None = None


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
