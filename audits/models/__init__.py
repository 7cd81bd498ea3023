"""The audits' tables."""

from __future__ import annotations

from audits.models.finding import Finding
from audits.models.log import LogAnchor, LogCheckpoint, LogKey, LogTile
from audits.models.report import Report, ReportFile
from audits.models.scan import ResultState, Scan, ScanResult, ScanWorkspace
from audits.models.sighting import Sighting
from audits.models.trail import TrailText

__all__ = [
    "Finding",
    "LogAnchor",
    "LogCheckpoint",
    "LogKey",
    "LogTile",
    "Report",
    "ReportFile",
    "ResultState",
    "Scan",
    "ScanResult",
    "ScanWorkspace",
    "Sighting",
    "TrailText",
]
