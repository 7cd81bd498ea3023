"""The audits' tables."""

from __future__ import annotations

from audits.models.due_rule import (
    DueRule,
)
from audits.models.finding import (
    Finding,
)
from audits.models.framework import (
    ControlMapping,
    ControlStatement,
    OwnFramework,
    OwnFrameworkVersion,
)
from audits.models.hold import (
    Hold,
)
from audits.models.log import (
    LogAnchor,
    LogCheckpoint,
    LogCosignature,
    LogKey,
    LogSink,
    LogTile,
)
from audits.models.pack import (
    EvidencePack,
    PackWorkspace,
)
from audits.models.report import (
    Report,
    ReportFile,
    ReportWorkspace,
)
from audits.models.retention import (
    Erasure,
    Removal,
    RemovalPermit,
    RetentionRule,
    RetentionRun,
)
from audits.models.risk import (
    Risk,
    RiskRevision,
)
from audits.models.risk_link import (
    RiskLink,
    RiskReminder,
)
from audits.models.scan import (
    ResultState,
    Scan,
    ScanResult,
    ScanWorkspace,
)
from audits.models.schedule import (
    ScanSchedule,
)
from audits.models.sighting import (
    Sighting,
)
from audits.models.stream import (
    Stream,
    StreamLetter,
)
from audits.models.trail import (
    TrailText,
)
from audits.models.transition import (
    FindingTransition,
)
from audits.models.triage import (
    FindingChange,
    FindingComment,
    FindingCommentText,
    FindingReminder,
    FindingTriage,
)

__all__ = [
    "ControlMapping",
    "ControlStatement",
    "DueRule",
    "Erasure",
    "EvidencePack",
    "Finding",
    "FindingChange",
    "FindingComment",
    "FindingCommentText",
    "FindingReminder",
    "FindingTransition",
    "FindingTriage",
    "Hold",
    "LogAnchor",
    "LogCheckpoint",
    "LogCosignature",
    "LogKey",
    "LogSink",
    "LogTile",
    "OwnFramework",
    "OwnFrameworkVersion",
    "PackWorkspace",
    "Removal",
    "RemovalPermit",
    "Report",
    "ReportFile",
    "ReportWorkspace",
    "ResultState",
    "RetentionRule",
    "RetentionRun",
    "Risk",
    "RiskLink",
    "RiskReminder",
    "RiskRevision",
    "Scan",
    "ScanResult",
    "ScanSchedule",
    "ScanWorkspace",
    "Sighting",
    "Stream",
    "StreamLetter",
    "TrailText",
]
