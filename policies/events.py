"""What happens in policies. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PolicyVersionCreated(Event):
    """A policy got a version; ``digest`` is that of its text, ``fixtures_digest`` that of the
    names, states and input digests of its examples."""

    action = "policies.policy.version_created"

    policy: str
    number: int
    package: str
    title: str
    severity: str
    checked_by: str | None
    fixtures: int
    fixtures_digest: str


@dataclass(frozen=True, kw_only=True)
class PolicyVersionChecked(Event):
    """OPA compiled a version strictly and passed its tests: it may gate from now on."""

    action = "policies.policy.version_checked"

    checked_by: str


@dataclass(frozen=True, kw_only=True)
class PolicySetVersionCreated(Event):
    """A policy set got a version; ``digest`` covers all that its members and groups say."""

    action = "policies.set.version_created"

    members: list[dict[str, str]]


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


@dataclass(frozen=True, kw_only=True)
class ExemptionEvent(Event):
    """Base of what happens to an exemption."""

    exemption: str
    assignment: str
    of: str
    reference_ids: list[str]
    resource: str | None
    asset: str
    category: str
    requested_by: str
    owner: str
    ticket: str
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class ExemptionRequested(ExemptionEvent):
    """Somebody asked for an exemption; nothing follows from it yet."""

    action = "policies.exemption.requested"


@dataclass(frozen=True, kw_only=True)
class ExemptionGranted(ExemptionEvent):
    """Somebody else granted an exemption: it counts until it ends or expires."""

    action = "policies.exemption.granted"


@dataclass(frozen=True, kw_only=True)
class ExemptionEnded(ExemptionEvent):
    """An exemption was ended before its time, or turned down."""

    action = "policies.exemption.ended"


@dataclass(frozen=True, kw_only=True)
class ExemptionExpiring(ExemptionEvent):
    """An exemption expires in at most ``days``; told once for each number of days."""

    action = "policies.exemption.expiring"

    days: int


@dataclass(frozen=True, kw_only=True)
class AttestationEvent(Event):
    """Base of what happens to an attestation."""

    attestation: str
    assignment: str
    of: str
    reference_id: str
    resource: str | None
    asset: str
    state: str
    owner: str
    assessed_at: str
    expires_at: str
    evidence: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class AttestationMade(AttestationEvent):
    """Somebody said whether a manual rule is kept; ``evidence`` are titles with addresses or
    digests."""

    action = "policies.attestation.made"


@dataclass(frozen=True, kw_only=True)
class AttestationEnded(AttestationEvent):
    """An attestation does not count any more, before its time."""

    action = "policies.attestation.ended"


@dataclass(frozen=True, kw_only=True)
class AttestationExpiring(AttestationEvent):
    """An attestation expires in at most ``days``; told once for each number of days."""

    action = "policies.attestation.expiring"

    days: int


@dataclass(frozen=True, kw_only=True)
class WhatIfAsked(Event):
    """Somebody asked what an assignment would find and do; nothing holds by it."""

    action = "policies.what_if.asked"

    scope: str
    of: str
    effect: str


@dataclass(frozen=True, kw_only=True)
class SnapshotSubmitted(Event):
    """A configuration was submitted; ``digest`` is that of its canonical JSON, ``source_digest``
    that of the document it stood in, empty where it was submitted by itself."""

    action = "policies.snapshot.submitted"

    snapshot: str
    resource: str
    source: str
    type: str
    external_id: str
    provenance: str
    format: str
    source_digest: str
    observed_at: str
    is_new_resource: bool


@dataclass(frozen=True, kw_only=True)
class ResourceRetired(Event):
    """A resource is gone; its last configuration does not count any more."""

    action = "policies.resource.retired"

    resource: str
    source: str
    type: str
    external_id: str


@dataclass(frozen=True, kw_only=True)
class DecisionsRecorded(Event):
    """A run of evaluations in one workspace; ``digest`` covers each decision's id, policy digest,
    input digest and state."""

    action = "policies.decision.recorded"

    count: int
    states: dict[str, Any]


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
    is_signed: bool


@dataclass(frozen=True, kw_only=True)
class OpaSourcesChanged(OpaEvent):
    """An OPA pulls other policies from now on."""

    action = "policies.opa.sources_changed"


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
