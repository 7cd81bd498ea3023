"""What happens in policies. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PolicyVersionCreated(Event):
    """A policy got a version; ``digest`` is that of its text."""

    action = "policies.policy.version_created"

    policy: str
    number: int
    package: str
    title: str
    severity: str
    checked_by: str | None


@dataclass(frozen=True, kw_only=True)
class PolicyVersionChecked(Event):
    """OPA compiled a version strictly and passed its tests: it may gate from now on."""

    action = "policies.policy.version_checked"

    checked_by: str


@dataclass(frozen=True, kw_only=True)
class PolicySetVersionCreated(Event):
    """A policy set got a version."""

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


@dataclass(frozen=True, kw_only=True)
class AssignmentCreated(AssignmentEvent):
    """A policy or a set holds from now on."""

    action = "policies.assignment.created"


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
    reference_id: str
    resource: str | None
    asset: str
    category: str
    requested_by: str
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
