"""What happens to findings. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class FindingsEvent(Event):
    """Base of what a scan of one workspace did to findings: one entry per workspace and change.

    ``findings`` holds the first hundred; ``count`` and ``digest`` cover all of them. Where no scan
    but a breach or drift did it, ``entry`` is the journal entry that told of that. ``owners`` are
    the accounts that see to what came back.
    """

    scan: str | None = None
    entry: str | None = None
    count: int
    findings: list[dict[str, Any]] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FindingsOpened(FindingsEvent):
    """Something failed a policy or a threshold that it was not known to fail."""

    action = "audits.finding.opened"


@dataclass(frozen=True, kw_only=True)
class FindingsReopened(FindingsEvent):
    """Something that had been mended fails again: a regression, or an exemption that ended."""

    action = "audits.finding.reopened"


@dataclass(frozen=True, kw_only=True)
class FindingsResolved(FindingsEvent):
    """Something no longer fails, or is no longer in scope; each member says which."""

    action = "audits.finding.resolved"


@dataclass(frozen=True, kw_only=True)
class FindingsExempted(FindingsEvent):
    """Something fails still, and an exemption now covers it."""

    action = "audits.finding.exempted"
