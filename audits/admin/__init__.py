"""The audits' pages in the back office. Reports and exports come over the REST API."""

from __future__ import annotations

from audits.admin import findings, scans, trail

__all__ = ["findings", "scans", "trail"]
