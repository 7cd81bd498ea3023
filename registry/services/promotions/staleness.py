"""Whether an open promotion still is what it shows, and a fresh look where it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import Unavailable
from registry import access
from registry.gates import base as gates
from registry.gates.base import Verdict
from registry.models import Promotion
from registry.permissions import Permission
from registry.queries.rules import rules_in_force
from registry.services.promotions.approvers import require_decider
from registry.services.promotions.waiting import (
    proposal_now,
    require_open,
    review_again,
    seen_promotion,
    show,
)

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

CHANGED = {
    "closure": "its members, or who may read them",
    "lifecycle": "the state of life of a member",
    "approvals": "whose approval the rules ask for",
    "rules": "what the rules ask for, or what they look at",
    "policies": "the policies, or what they look at: configurations, exemptions, evaluations",
}


def stale_because(promotion: Promotion) -> list[dict[str, str]]:
    """Return why an open promotion is not any more what it shows, empty where it is.

    One item per gate that would answer otherwise; reads the database only, and writes nothing.
    """
    if promotion.status != Promotion.Status.AWAITING_APPROVAL:
        return []
    rules = rules_in_force(promotion.target)
    proposal = replace(proposal_now(promotion), rules=rules)
    shown = {each["gate"]: Verdict.of_json(each) for each in promotion.verdicts}
    return [
        {"gate": gate.name, "message": f"What changed: {CHANGED.get(gate.name, gate.name)}."}
        for gate in gates.installed()
        if gate.name not in shown or not gate.still_stands(proposal, shown[gate.name])
    ]


def look_again(*, actor: Actor, promotion: UUID) -> Promotion:
    """Ask the gates afresh and let the promotion show what they say now.

    Nothing is decided: a promotion that would be refused now waits, and shows why. Needs the right
    to decide on it, or to promote into its target. Raises Unavailable while a gate cannot
    answer.
    """
    found = seen_promotion(actor, promotion)
    if not access.allows(actor, Permission.PROMOTE, found.target_id):
        require_decider(actor, found)
    require_open(found)
    reviewed = review_again(found)
    if reviewed.is_undecided:
        raise Unavailable("A gate could not decide; the promotion still waits. Try again.")
    if reviewed.binding != found.binding:
        show(found, reviewed, actor=actor)
    return seen_promotion(actor, promotion)
