from __future__ import annotations

from typing import Any

from registry.scanning.verdicts import Report, Verdict


def scan(file: Any, size: int, *, tick: Any) -> Report:
    return Report("unknown", Verdict.UNKNOWN)
