"""What happens in audits, a module per noun. docs/events.md describes each."""

from __future__ import annotations

from audits.events.findings import (
    FindingsEvent,
    FindingsExempted,
    FindingsOpened,
    FindingsReopened,
    FindingsResolved,
)
from audits.events.frameworks import (
    ControlMapped,
    ControlMappingEnded,
    ControlMappingEvent,
    ControlStated,
    ControlStatementEnded,
    ControlStatementEvent,
    FrameworkImported,
)
from audits.events.log import (
    AttestationKeyDelegated,
    LogDisputed,
    LogExported,
    LogKeyAdded,
    LogKeyRotated,
    LogResumed,
    PackKeyDelegated,
    ReceiptKeyDelegated,
)
from audits.events.packs import (
    PackCompleted,
    PackRequested,
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
from audits.events.risks import (
    RiskAccepted,
    RiskCreated,
    RiskEvent,
    RiskLinked,
    RiskLinkEvent,
    RiskReviewed,
    RiskReviewOverdue,
    RiskRevised,
    RiskUnlinked,
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
    "AttestationKeyDelegated",
    "ControlMapped",
    "ControlMappingEnded",
    "ControlMappingEvent",
    "ControlStated",
    "ControlStatementEnded",
    "ControlStatementEvent",
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
    "FrameworkImported",
    "HoldPlaced",
    "HoldReleased",
    "LogDisputed",
    "LogExported",
    "LogKeyAdded",
    "LogKeyRotated",
    "LogResumed",
    "PackCompleted",
    "PackKeyDelegated",
    "PackRequested",
    "PersonErased",
    "ReceiptKeyDelegated",
    "ReportCompleted",
    "ReportRequested",
    "RetentionApplied",
    "RetentionRuleEnded",
    "RetentionRuleSet",
    "RiskAccepted",
    "RiskCreated",
    "RiskEvent",
    "RiskLinkEvent",
    "RiskLinked",
    "RiskReviewOverdue",
    "RiskReviewed",
    "RiskRevised",
    "RiskUnlinked",
    "ScanCompleted",
    "ScanEvent",
    "ScanScheduleAdded",
    "ScanScheduleChanged",
    "ScanScheduleEvent",
    "ScanScheduleRemoved",
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
