"""The audits' tables."""

from __future__ import annotations

from audits.models.finding import Finding
from audits.models.hold import Hold
from audits.models.log import LogAnchor, LogCheckpoint, LogKey, LogTile
from audits.models.report import Report, ReportFile
from audits.models.retention import (
    Erasure,
    Removal,
    RemovalPermit,
    RetentionRule,
    RetentionRun,
)
from audits.models.scan import ResultState, Scan, ScanResult, ScanWorkspace
from audits.models.sighting import Sighting
from audits.models.trail import TrailText

__all__ = [
    "Erasure",
    "Finding",
    "Hold",
    "LogAnchor",
    "LogCheckpoint",
    "LogKey",
    "LogTile",
    "Removal",
    "RemovalPermit",
    "Report",
    "ReportFile",
    "ResultState",
    "RetentionRule",
    "RetentionRun",
    "Scan",
    "ScanResult",
    "ScanWorkspace",
    "Sighting",
    "TrailText",
]
