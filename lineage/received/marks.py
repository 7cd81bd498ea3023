"""When an event happened and which one it was: what decides between two tellings."""

from __future__ import annotations

from datetime import UTC, datetime

# (eventTime as ``moment`` writes it, digest of the event): greater is later.
Mark = tuple[str, str]


def moment(time: datetime) -> str:
    """Return a time as fixed-length text in UTC, so that texts sort as times do."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant(text: str) -> datetime:
    """Return the time that ``moment`` wrote."""
    return datetime.fromisoformat(text)
