"""What happens to attestations. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.events import Event


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
