"""What happens to exemptions. docs/events.md describes each."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


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
