"""The audits' tables."""

from __future__ import annotations

from audits.models.finding import Finding
from audits.models.framework import (
    ControlMapping,
    ControlStatement,
    OwnFramework,
    OwnFrameworkVersion,
)
from audits.models.log import LogAnchor, LogCheckpoint, LogKey, LogTile
from audits.models.report import Report, ReportFile, ReportWorkspace
from audits.models.risk import Risk, RiskRevision
from audits.models.risk_link import RiskLink, RiskReminder
from audits.models.scan import ResultState, Scan, ScanResult, ScanWorkspace
from audits.models.sighting import Sighting

__all__ = [
    "ControlMapping",
    "ControlStatement",
    "Finding",
    "LogAnchor",
    "LogCheckpoint",
    "LogKey",
    "LogTile",
    "OwnFramework",
    "OwnFrameworkVersion",
    "Report",
    "ReportFile",
    "ReportWorkspace",
    "ResultState",
    "Risk",
    "RiskLink",
    "RiskReminder",
    "RiskRevision",
    "Scan",
    "ScanResult",
    "ScanWorkspace",
    "Sighting",
]
