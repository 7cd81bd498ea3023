"""Cards: what a version must say about itself, and whether somebody read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.gates.base import Reason
from registry.models import Card
from registry.queries.cards import missing_from
from registry.queries.versions import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.gates.rules.knowledge import Knowledge
    from registry.models import AssetVersion
    from registry.rules.conditions import Conditions

ACCEPTED = Card.Status.ACCEPTED.value


def check_card(conditions: Conditions, version: AssetVersion, known: Knowledge) -> Iterator[Reason]:
    """Yield a reason for a card that lacks fields, and for one that nobody accepted."""
    needed = set(conditions.card_fields)
    if conditions.card_complete:
        needed |= set(known.required_card_fields(version))
    if not needed and not conditions.card_accepted:
        return
    card, subject = known.card(version), str(reference_of(version))
    if missing := missing_from(card, sorted(needed)):
        message = f"The card of {subject} says nothing about {', '.join(missing)}."
        yield Reason("card_fields_missing", message, subject, {"missing": missing})
    if conditions.card_accepted and (card is None or card.status != ACCEPTED):
        status = card.status if card else "none"
        message = f"Nobody has accepted the card of {subject} as it reads now ({status})."
        yield Reason("card_not_accepted", message, subject, {"status": status})
