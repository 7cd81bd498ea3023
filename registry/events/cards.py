"""What happens to cards, and to what they need."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class CardEvent(Event):
    """Base of what happens to a card; ``subject`` is its version."""

    card: str
    version: str
    revision: int
    card_digest: str


@dataclass(frozen=True, kw_only=True)
class CardWritten(CardEvent):
    """A card got a new revision; ``changed`` names the fields that differ from the one before."""

    action = "registry.card.written"

    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class CardSubmitted(CardEvent):
    """A revision of a card waits for review."""

    action = "registry.card.submitted"


@dataclass(frozen=True, kw_only=True)
class CardReviewed(CardEvent):
    """Somebody who did not write a revision accepted or returned it."""

    action = "registry.card.reviewed"

    decision: str
    author: str


@dataclass(frozen=True, kw_only=True)
class CardRequirementSet(Event):
    """The fields that cards of a kind need at a stage changed in a workspace."""

    action = "registry.card_requirement.set"

    kind: str
    stage: str
