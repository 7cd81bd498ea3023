"""What happens when a promotion is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.events.promotions import PromotionEvent


@dataclass(frozen=True, kw_only=True)
class PromotionRolledBack(PromotionEvent):
    """The promoted alias points again at what it meant before; ``reason`` says why."""

    action = "registry.promotion.rolled_back"

    result: dict[str, Any]
    back_to: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class RollbackRefused(PromotionEvent):
    """The alias stays where it is: what it meant before may not stand there now."""

    action = "registry.promotion.rollback_refused"
    outcome = "refused"

    back_to: dict[str, Any]
