"""What happens to the rules of promotions."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PromotionRuleEvent(Event):
    """Base of what happens to a rule; ``before`` and ``after`` hold what it asks for."""

    rule: str
    kind: str
    alias_pattern: str


@dataclass(frozen=True, kw_only=True)
class PromotionRuleSet(PromotionRuleEvent):
    """From now on this rule holds for promotions into the workspace."""

    action = "registry.promotion_rule.set"


@dataclass(frozen=True, kw_only=True)
class PromotionRuleEnded(PromotionRuleEvent):
    """The rule does not hold any more, and none follows it."""

    action = "registry.promotion_rule.ended"


@dataclass(frozen=True, kw_only=True)
class PromotionRuleProposed(PromotionRuleEvent):
    """Somebody proposed to ask for less in production; nothing follows yet."""

    action = "registry.promotion_rule.proposed"

    proposal: str
    is_end: bool


@dataclass(frozen=True, kw_only=True)
class PromotionRuleAccepted(PromotionRuleEvent):
    """A second admin accepted the proposal: it holds."""

    action = "registry.promotion_rule.accepted"

    proposal: str
    is_end: bool


@dataclass(frozen=True, kw_only=True)
class PromotionRuleRejected(PromotionRuleEvent):
    """The proposal was turned down, or taken back."""

    action = "registry.promotion_rule.rejected"

    proposal: str
    is_end: bool
