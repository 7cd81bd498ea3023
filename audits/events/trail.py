"""What happens to the trail. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class TrailExported(Event):
    """Someone took journal entries out: which, how many, and up to which."""

    action = "audits.trail.exported"

    format: str
    filters: dict[str, str]
    entries: int
    last_entry: str | None
