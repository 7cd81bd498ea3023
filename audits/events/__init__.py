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
from audits.events.packs import (
    PackCompleted,
    PackKeyDelegated,
    PackRequested,
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
from audits.events.trail import (
    TrailExported,
)

__all__ = [
    "FindingsEvent",
    "FindingsExempted",
    "FindingsOpened",
    "FindingsReopened",
    "FindingsResolved",
    "LogExported",
    "LogKeyAdded",
    "LogKeyRotated",
    "LogResumed",
    "PackCompleted",
    "PackKeyDelegated",
    "PackRequested",
    "ReceiptKeyDelegated",
    "ReportCompleted",
    "ReportRequested",
    "ScanCompleted",
    "ScanEvent",
    "ScanStarted",
    "TrailExported",
    "WorkspaceScanned",
]
