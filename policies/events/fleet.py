"""What happens to OPAs of elsewhere. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class OpaEvent(Event):
    """Base of what happens to a registered OPA."""

    opa: str


@dataclass(frozen=True, kw_only=True)
class OpaRegistered(OpaEvent):
    """An OPA of elsewhere may pull policies and tell what it decided, under an account of its
    own. Without ``sources`` it pulls what is assigned in its workspace."""

    action = "policies.opa.registered"

    account: str
    labels: dict[str, str]
    sources: list[str]
    masks: list[str]
    is_signed: bool


@dataclass(frozen=True, kw_only=True)
class OpaSourcesChanged(OpaEvent):
    """An OPA pulls other policies from now on."""

    action = "policies.opa.sources_changed"


@dataclass(frozen=True, kw_only=True)
class OpaMasksChanged(OpaEvent):
    """An OPA takes other places out of its decisions from now on."""

    action = "policies.opa.masks_changed"


@dataclass(frozen=True, kw_only=True)
class OpaRetired(OpaEvent):
    """An OPA is gone: its account is closed."""

    action = "policies.opa.retired"


@dataclass(frozen=True, kw_only=True)
class OpaPulled(OpaEvent):
    """An OPA was given a bundle for the first time; ``digest`` covers its content."""

    action = "policies.opa.pulled"

    revision: str
    policies: list[str]


@dataclass(frozen=True, kw_only=True)
class OpaStatusChanged(OpaEvent):
    """An instance runs another revision, has other problems, or ``lost`` decisions."""

    action = "policies.opa.status_changed"

    instance: str
    revision: str
    problems: list[str]
    lost: int


@dataclass(frozen=True, kw_only=True)
class FleetDecisionsReceived(OpaEvent):
    """A batch of a decision log came in; ``digest`` covers each new one's id and digest."""

    action = "policies.fleet_decision.received"

    count: int
    repeated: int
    redacted: int
    states: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class FleetDecisionsExported(Event):
    """Someone took decisions of OPAs out: how many, under which filters, up to which."""

    action = "policies.fleet_decision.exported"

    filters: dict[str, str]
    decisions: int
    last_decision: str | None
