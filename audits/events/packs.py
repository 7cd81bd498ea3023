"""What happens to evidence packs. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PackRequested(Event):
    """Someone asked for an evidence pack of a scan, or of a version, as of a time."""

    action = "audits.pack.requested"

    scan: str | None
    version: str | None
    framework: str
    as_of: str


@dataclass(frozen=True, kw_only=True)
class PackCompleted(Event):
    """An evidence pack was made: the digest of its bytes, and of the manifest that was signed."""

    action = "audits.pack.completed"

    scan: str | None
    version: str | None
    framework: str
    as_of: str
    size: int
    manifest: str
    checkpoint: int
