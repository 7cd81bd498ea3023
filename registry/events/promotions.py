"""What happens to promotions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PromotionEvent(Event):
    """Base of what happens to a promotion; ``subject`` is the source version."""

    promotion: str
    requested_by: str
    source: dict[str, Any]
    target: dict[str, Any]
    alias: str
    binding: str
    verdicts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PromotionRequested(PromotionEvent):
    """A promotion passed its gates and waits for approval."""

    action = "registry.promotion.requested"


@dataclass(frozen=True, kw_only=True)
class PromotionReviewed(PromotionEvent):
    """The gates were asked afresh and answer otherwise; earlier approvals are stale."""

    action = "registry.promotion.reviewed"


@dataclass(frozen=True, kw_only=True)
class PromotionRefused(PromotionEvent):
    """A gate or an approver refused a promotion; the verdicts say why."""

    action = "registry.promotion.refused"
    outcome = "refused"


@dataclass(frozen=True, kw_only=True)
class PromotionDecided(PromotionEvent):
    """An approver decided on a promotion."""

    action = "registry.promotion.decided"

    decision: str
    approval: str


@dataclass(frozen=True, kw_only=True)
class PromotionWithdrawn(PromotionEvent):
    """The request was taken back."""

    action = "registry.promotion.withdrawn"


@dataclass(frozen=True, kw_only=True)
class PromotionExpired(PromotionEvent):
    """Nobody decided in time."""

    action = "registry.promotion.expired"


@dataclass(frozen=True, kw_only=True)
class PromotionCompleted(PromotionEvent):
    """The version and its members are in the target workspace, with frozen provenance."""

    action = "registry.promotion.completed"

    result: dict[str, Any]
    members: list[dict[str, Any]]
    approvals: list[dict[str, Any]]
    provenance_digest: str
