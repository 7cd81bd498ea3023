"""What happens to schedules of scans. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ScanScheduleEvent(Event):
    """Base of what happens to a schedule; ``terms`` say when it runs, over what, and whether."""

    name: str
    scope: str
    workspaces: list[str]
    terms: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ScanScheduleAdded(ScanScheduleEvent):
    """Scans start by themselves from now on."""

    action = "audits.scan_schedule.added"


@dataclass(frozen=True, kw_only=True)
class ScanScheduleChanged(ScanScheduleEvent):
    """They start at other times, or over something else, or pause."""

    action = "audits.scan_schedule.changed"

    was: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ScanScheduleRemoved(ScanScheduleEvent):
    """They start no more."""

    action = "audits.scan_schedule.removed"
