"""What people decide and say about findings. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class FindingsTriaged(Event):
    """Base of what somebody changed of findings of one workspace that have the same ``owner``.

    ``findings`` has each with its ``subject`` and ``was``, the value before; null is none.
    """

    owner: str | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FindingsAssigned(FindingsTriaged):
    """Somebody else, or nobody, sees to findings from now on; ``assignee`` is the new owner."""

    action = "audits.finding.assigned"

    assignee: str | None


@dataclass(frozen=True, kw_only=True)
class FindingsDue(FindingsTriaged):
    """Findings are due at another time; without ``due_at`` the due rule says when."""

    action = "audits.finding.due"

    due_at: str | None


@dataclass(frozen=True, kw_only=True)
class FindingsTicketed(FindingsTriaged):
    """Findings are followed elsewhere: ``ticket`` is the address, empty for nowhere."""

    action = "audits.finding.ticketed"

    ticket: str


@dataclass(frozen=True, kw_only=True)
class FindingsReminded(Event):
    """Base of what is told of dates of open findings of one workspace that ``owner`` sees to, or
    nobody; ``findings`` has each with its ``subject``, ``severity`` and ``due_at``."""

    owner: str | None
    findings: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class FindingsDueSoon(FindingsReminded):
    """Findings are due within ``days`` days; told once for each date."""

    action = "audits.finding.due_soon"

    days: int


@dataclass(frozen=True, kw_only=True)
class FindingsOverdue(FindingsReminded):
    """The date of findings has passed, and they are open still; told once for each date."""

    action = "audits.finding.overdue"


@dataclass(frozen=True, kw_only=True)
class FindingCommented(Event):
    """Somebody said something about a finding; the digest is a commitment to the words."""

    action = "audits.finding.commented"

    finding: str
    comment: str
    owner: str | None
    mentioned: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FindingCommentRedacted(Event):
    """The words of a comment on a finding were taken away."""

    action = "audits.finding.comment_redacted"

    finding: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class DueRuleSet(Event):
    """Within how many days findings are due, by severity; null is never."""

    action = "audits.due_rule.set"

    rule: str
    scope: str
    days: dict[str, int | None]


@dataclass(frozen=True, kw_only=True)
class DueRuleEnded(Event):
    """A due rule holds no more, and what stands above it does."""

    action = "audits.due_rule.ended"

    rule: str
    scope: str
