"""Show open promotions what changed in what they take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.actors import Actor, Via
from core.journal import publish
from registry import access
from registry.events import PromotionReviewed
from registry.gates import base as gates
from registry.gates.base import Proposal, Verdict
from registry.models import Promotion
from registry.queries.closure import closure_of
from registry.queries.dependents import takers_of
from registry.services.promotions.proposals import event_fields, journalled

if TYPE_CHECKING:
    from registry.models import AssetVersion

RELATED = ("source_version__asset__workspace", "source_version__spec", "target", "requested_by")


def show_change(version: AssetVersion, *, gate: str, actor: Actor) -> list[Promotion]:
    """Ask ``gate`` anew for every open promotion that takes ``version`` along; return those whose
    answer is another now, which stales their approvals. In the current transaction.

    The gate must decide from the database alone. The other verdicts stay as they were: whoever
    decides on the promotion has every gate asked afresh.
    """
    asked = next((found for found in gates.installed() if found.name == gate), None)
    if asked is None:
        return []
    rows = (
        Promotion.objects.select_for_update(of=("self",), no_key=True)
        .select_related(*RELATED)
        .filter(source_version__in=takers_of(version), status__in=Promotion.OPEN)
        .order_by("id")
    )
    return [promotion for promotion in rows if _show(promotion, asked, actor=actor)]


def _show(promotion: Promotion, gate: gates.Gate, *, actor: Actor) -> bool:
    requester = Actor(user=promotion.requested_by, via=Via.TASK)
    proposal = Proposal(
        promotion=promotion.uuid,
        version=promotion.source_version,
        target=promotion.target,
        alias=promotion.alias,
        reason=promotion.reason,
        closure=closure_of(promotion.source_version, actor=requester),
        requested_by=requester,
        reviewed_at=promotion.requested_at,
    )
    verdict = gate.review(proposal)
    verdicts = [Verdict.of_json(stored) for stored in promotion.verdicts]
    if any(stored.gate == gate.name and stored.binding == verdict.binding for stored in verdicts):
        return False
    verdicts = [verdict if stored.gate == gate.name else stored for stored in verdicts]
    promotion.verdicts = [stored.as_json() for stored in verdicts]
    promotion.binding = gates.binding_of(proposal, verdicts)
    promotion.save(update_fields=["verdicts", "binding"])
    publish(
        PromotionReviewed(
            **event_fields(proposal, binding=promotion.binding),
            verdicts=journalled(promotion.verdicts),
        ),
        actor=actor,
        roles=access.roles(actor, promotion.target_id),
    )
    return True
