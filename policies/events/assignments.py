"""What happens to assignments. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AssignmentEvent(Event):
    """Base of what happens to an assignment."""

    assignment: str
    scope: str
    stage: str
    of: str
    effect: str
    is_enforced: bool
    parameters_digest: str
    excluded: list[str] = field(default_factory=list)
    percent: int = 100
    kinds: list[str] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)
    overrides: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class AssignmentCreated(AssignmentEvent):
    """A policy or a set holds from now on."""

    action = "policies.assignment.created"


@dataclass(frozen=True, kw_only=True)
class AssignmentEnforcementSet(AssignmentEvent):
    """An assignment is enforced from now on as the entry tells: in a part of its workspaces, in
    all, or nowhere."""

    action = "policies.assignment.enforcement_set"


@dataclass(frozen=True, kw_only=True)
class AssignmentEnded(AssignmentEvent):
    """A policy or a set does not hold any more."""

    action = "policies.assignment.ended"
