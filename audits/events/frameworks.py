"""What happens to frameworks and their controls. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class FrameworkImported(Event):
    """An administrator of the organisation imported a catalog; the digest is the document's."""

    action = "audits.framework.imported"

    framework: str
    number: int
    controls: int
    added: int
    removed: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class ControlMappingEvent(Event):
    """Base of what happens to a mapping of a policy to a control."""

    mapping: str
    control: str
    policy: str


@dataclass(frozen=True, kw_only=True)
class ControlMapped(ControlMappingEvent):
    """A policy supports a control though its METADATA does not say so."""

    action = "audits.control_mapping.made"


@dataclass(frozen=True, kw_only=True)
class ControlMappingEnded(ControlMappingEvent):
    """A mapping counts no more."""

    action = "audits.control_mapping.ended"


@dataclass(frozen=True, kw_only=True)
class ControlStatementEvent(Event):
    """Base of what happens to a statement of how a control is met."""

    statement: str
    control: str
    state: str
    owner: str
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class ControlStated(ControlStatementEvent):
    """A person stated how a control is met; an earlier statement of the same place ended."""

    action = "audits.control_statement.made"

    evidence_uri: str
    replaces: str | None = None


@dataclass(frozen=True, kw_only=True)
class ControlStatementEnded(ControlStatementEvent):
    """A statement counts no more."""

    action = "audits.control_statement.ended"
