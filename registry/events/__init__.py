"""What happens in the registry, a file per noun. docs/events.md describes each."""

from __future__ import annotations

from registry.events.access import (
    RoleEnded,
    RoleGranted,
    TokenIssued,
    TokenRevoked,
)
from registry.events.aliases import AliasMoved
from registry.events.promotions import (
    PromotionCompleted,
    PromotionDecided,
    PromotionEvent,
    PromotionExpired,
    PromotionRefused,
    PromotionRequested,
    PromotionReviewed,
    PromotionRuleSet,
    PromotionWithdrawn,
)
from registry.events.versions import VersionRegistered
from registry.events.workspaces import WorkspaceChanged, WorkspaceCreated

__all__ = [
    "AliasMoved",
    "PromotionCompleted",
    "PromotionDecided",
    "PromotionEvent",
    "PromotionExpired",
    "PromotionRefused",
    "PromotionRequested",
    "PromotionReviewed",
    "PromotionRuleSet",
    "PromotionWithdrawn",
    "RoleEnded",
    "RoleGranted",
    "TokenIssued",
    "TokenRevoked",
    "VersionRegistered",
    "WorkspaceChanged",
    "WorkspaceCreated",
]
