"""What happens to imports."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ImportRequested(Event):
    """Somebody wants a list, an export or a folder imported in the background."""

    action = "registry.import.requested"

    format: str
    mode: str
    entries: int


@dataclass(frozen=True, kw_only=True)
class ImportCompleted(Event):
    """An import went over all its entries; each version that it made has its own entry."""

    action = "registry.import.completed"

    format: str
    source: str
    is_applied: bool
    created: int
    unchanged: int
    failed: int
