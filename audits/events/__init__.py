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
from audits.events.retention import (
    HoldPlaced,
    HoldReleased,
    PersonErased,
    RetentionApplied,
    RetentionRuleEnded,
    RetentionRuleSet,
)
from audits.events.scans import (
    ScanCompleted,
    ScanEvent,
    ScanStarted,
    WorkspaceScanned,
)
from audits.events.trail import (
    TrailExported,
)

__all__ = [
    "FindingsEvent",
    "FindingsExempted",
    "FindingsOpened",
    "FindingsReopened",
    "FindingsResolved",
    "HoldPlaced",
    "HoldReleased",
    "LogExported",
    "LogKeyAdded",
    "LogKeyRotated",
    "LogResumed",
    "PersonErased",
    "ReceiptKeyDelegated",
    "ReportCompleted",
    "ReportRequested",
    "RetentionApplied",
    "RetentionRuleEnded",
    "RetentionRuleSet",
    "ScanCompleted",
    "ScanEvent",
    "ScanStarted",
    "TrailExported",
    "WorkspaceScanned",
]
