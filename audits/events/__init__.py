"""What happens in audits, a module per noun. docs/events.md describes each."""

from __future__ import annotations

from audits.events.findings import (
    FindingsEvent,
    FindingsExempted,
    FindingsOpened,
    FindingsReopened,
    FindingsResolved,
)
from audits.events.log import (
    LogExported,
    LogKeyAdded,
    LogKeyRotated,
    LogResumed,
    ReceiptKeyDelegated,
)
from audits.events.reports import (
    ReportCompleted,
    ReportRequested,
)
from audits.events.scans import (
    ScanCompleted,
    ScanEvent,
    ScanStarted,
    WorkspaceScanned,
)
from audits.events.schedules import (
    ScanScheduleAdded,
    ScanScheduleChanged,
    ScanScheduleEvent,
    ScanScheduleRemoved,
)
from audits.events.trail import (
    TrailExported,
)
from audits.events.triage import (
    DueRuleEnded,
    DueRuleSet,
    FindingCommented,
    FindingCommentRedacted,
    FindingsAssigned,
    FindingsDue,
    FindingsTicketed,
    FindingsTriaged,
)

__all__ = [
    "DueRuleEnded",
    "DueRuleSet",
    "FindingCommentRedacted",
    "FindingCommented",
    "FindingsAssigned",
    "FindingsDue",
    "FindingsEvent",
    "FindingsExempted",
    "FindingsOpened",
    "FindingsReopened",
    "FindingsResolved",
    "FindingsTicketed",
    "FindingsTriaged",
    "LogExported",
    "LogKeyAdded",
    "LogKeyRotated",
    "LogResumed",
    "ReceiptKeyDelegated",
    "ReportCompleted",
    "ReportRequested",
    "ScanCompleted",
    "ScanEvent",
    "ScanScheduleAdded",
    "ScanScheduleChanged",
    "ScanScheduleEvent",
    "ScanScheduleRemoved",
    "ScanStarted",
    "TrailExported",
    "WorkspaceScanned",
]
