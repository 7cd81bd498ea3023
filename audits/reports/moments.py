"""Times as reports write them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


def moment(at: datetime) -> str:
    """Return a time as reports write it: RFC 3339 in UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def when(at: str) -> str:
    """Return such a time for people, to the second: ``2026-11-22 16:45:43 UTC``."""
    return f"{at[:10]} {at[11:19]} UTC"
