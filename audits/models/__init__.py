"""The audits' tables."""

from __future__ import annotations

from audits.models.finding import Finding
from audits.models.log import (
    LogAnchor,
    LogCheckpoint,
    LogCosignature,
    LogKey,
    LogSink,
    LogTile,
)
from audits.models.report import Report, ReportFile
from audits.models.scan import ResultState, Scan, ScanResult, ScanWorkspace
from audits.models.sighting import Sighting
from audits.models.stream import Stream, StreamLetter

__all__ = [
    "Finding",
    "LogAnchor",
    "LogCheckpoint",
    "LogCosignature",
    "LogKey",
    "LogSink",
    "LogTile",
    "Report",
    "ReportFile",
    "ResultState",
    "Scan",
    "ScanResult",
    "ScanWorkspace",
    "Sighting",
    "Stream",
    "StreamLetter",
]
