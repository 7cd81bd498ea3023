"""Look into files without running, unpickling or importing anything of them. Free of Django."""

from __future__ import annotations

from registry.scanning.verdicts import TOOL, TOOL_VERSION, Finding, Report, Verdict

__all__ = ["TOOL", "TOOL_VERSION", "Finding", "Report", "Verdict"]
