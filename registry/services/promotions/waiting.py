"""A promotion that waits for people: find it, lock it, ask the gates again, show what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.actors import Actor, Via
from core.errors import Conflict, NotFound
from core.journal import publish
from registry import access
from registry.events import PromotionReviewed
from registry.models import Promotion
from registry.permissions import Permission
from registry.queries.promotions import RELATED
from registry.services.promotions.proposals import (
    Review,
    event_fields,
    journalled,
    propose,
    review,
)

if TYPE_CHECKING:
    from uuid import UUID

    from registry.gates.base import Proposal


def seen_promotion(actor: Actor, uuid: UUID) -> Promotion:
    """Return the promotion; raises NotFound for a missing one or one that ``actor`` may not see."""
    rows = Promotion.objects.select_related(*RELATED, "source_version__spec")
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.target, subject=f"promotion/{uuid}")
    return found


def require_open(promotion: Promotion) -> None:
    """Return if the promotion can still be decided; raises Conflict."""
    if promotion.status != Promotion.Status.AWAITING_APPROVAL:
        raise Conflict(
            f"The promotion is {promotion.status}.", extra={"promotion_status": promotion.status}
        )
    if promotion.expires_at <= timezone.now():
        raise Conflict("The promotion has expired; ask for it again.")


def proposal_now(promotion: Promotion) -> Proposal:
    """Return what is asked for, with the closure as its requester may read it now."""
    return propose(
        promotion=promotion.uuid,
        version=promotion.source_version,
        target=promotion.target,
        alias=promotion.alias,
        reason=promotion.reason,
        requested_by=Actor(user=promotion.requested_by, via=Via.TASK),
    )


def review_again(promotion: Promotion) -> Review:
    """Return what the gates say now; call it outside of any transaction."""
    return review(proposal_now(promotion))


def locked(promotion: Promotion) -> Promotion:
    """Return the promotion under a row lock; raises Conflict if somebody else closed it."""
    row = (
        Promotion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("source_version__asset__workspace", "target", "requested_by")
        .get(pk=promotion.pk)
    )
    require_open(row)
    return row


def keep(promotion: Promotion, reviewed: Review) -> None:
    """Let the promotion show what the gates say now."""
    promotion.binding, promotion.verdicts = reviewed.binding, reviewed.verdicts_as_json()
    promotion.required_approvals = reviewed.required_approvals
    promotion.save(update_fields=["binding", "verdicts", "required_approvals"])


def show(promotion: Promotion, reviewed: Review, *, actor: Actor) -> None:
    """Store a review that differs from the one on show, so that people can look at it."""
    with transaction.atomic():
        row = locked(promotion)
        keep(row, reviewed)
        publish(
            PromotionReviewed(
                **event_fields(reviewed.proposal, binding=reviewed.binding),
                verdicts=journalled(row.verdicts),
            ),
            actor=actor,
            roles=access.roles(actor, row.target_id),
        )
