"""The audits' tables."""

from __future__ import annotations

from audits.models.finding import Finding
from audits.models.log import LogAnchor, LogCheckpoint, LogKey, LogTile
from audits.models.pack import EvidencePack, PackKey
from audits.models.report import Report, ReportFile, ReportWorkspace
from audits.models.scan import ResultState, Scan, ScanResult, ScanWorkspace
from audits.models.sighting import Sighting

__all__ = [
    "EvidencePack",
    "Finding",
    "LogAnchor",
    "LogCheckpoint",
    "LogKey",
    "LogTile",
    "PackKey",
    "Report",
    "ReportFile",
    "ReportWorkspace",
    "ResultState",
    "Scan",
    "ScanResult",
    "ScanWorkspace",
    "Sighting",
]
