"""Shares as reports write them. Plain Python."""

from __future__ import annotations


def percent(part: int, whole: int) -> str | None:
    """Return ``part`` of ``whole`` in percent with one decimal, rounded down, so that 100.0 means
    all; None where there is nothing to be a part of."""
    if not whole:
        return None
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}"
