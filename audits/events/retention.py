"""What is let go, held and erased. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class RetentionRuleSet(Event):
    """Records of a kind are let go when they are older than ``days``."""

    action = "audits.retention_rule.set"

    record: str
    days: int


@dataclass(frozen=True, kw_only=True)
class RetentionRuleEnded(Event):
    """Records of a kind stay from now on."""

    action = "audits.retention_rule.ended"

    record: str


@dataclass(frozen=True, kw_only=True)
class RetentionApplied(Event):
    """Records of before a time were let go under a rule; ``digest`` is over what went, ``about``
    the report or scan that it was of."""

    action = "audits.retention.applied"

    run: str
    record: str
    days: int
    before_time: str
    count: int
    about: str | None


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(Event):
    """Nothing within the scope is let go from now on."""

    action = "audits.hold.placed"

    hold: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class HoldReleased(Event):
    """A hold ended; somebody else than who placed it did that."""

    action = "audits.hold.released"

    hold: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """What told who an account was is gone; the entry itself tells it by id alone."""

    action = "audits.person.erased"

    account: str
    names: int
    tokens: int
    notifications: int
