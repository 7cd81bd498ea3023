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
    LogDisputed,
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
from audits.events.streams import (
    StreamChanged,
    StreamCreated,
    StreamDeleted,
    StreamEvent,
    StreamReplayed,
    StreamRetried,
    StreamTested,
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
    "LogDisputed",
    "LogExported",
    "LogKeyAdded",
    "LogKeyRotated",
    "LogResumed",
    "ReceiptKeyDelegated",
    "ReportCompleted",
    "ReportRequested",
    "ScanCompleted",
    "ScanEvent",
    "ScanStarted",
    "StreamChanged",
    "StreamCreated",
    "StreamDeleted",
    "StreamEvent",
    "StreamReplayed",
    "StreamRetried",
    "StreamTested",
    "TrailExported",
    "WorkspaceScanned",
]
