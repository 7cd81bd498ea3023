"""Approve or reject a promotion, or take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput, Unavailable
from core.journal import publish
from registry import access
from registry.events import PromotionDecided, PromotionRefused
from registry.models import Approval, Promotion, Workspace
from registry.permissions import Permission
from registry.services.promotions import closing, complete
from registry.services.promotions.approvers import (
    approver_of,
    require_decider,
    standing_approvals,
    suffice,
)
from registry.services.promotions.proposals import Review, event_fields, journalled
from registry.services.promotions.waiting import (
    keep,
    locked,
    require_open,
    review_again,
    seen_promotion,
    show,
)

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from core.models import User

MAX_COMMENT = 4_000


def decide(
    *, actor: Actor, promotion: UUID, decision: str, comment: str = "", binding: str = ""
) -> Promotion:
    """Record a decision; complete the promotion once enough approvals stand, or refuse it.

    The gates are asked afresh. ``binding`` is the one that the approver looked at, and is required
    to approve: where another holds now, the decision is a Conflict, not recorded, and the
    promotion shows the fresh review. Earlier approvals under another binding are stale and do not
    count. A gate that cannot decide leaves the promotion waiting (Unavailable). Needs
    approve_promotion on the target, or a role that a rule calls on, also when the gates have
    answered; nobody decides on their own request. Raises InvalidInput, AccessDenied, NotFound,
    Conflict or Unavailable.
    """
    if decision not in Approval.Decision.values:
        raise InvalidInput.of("decision", f"must be one of {', '.join(Approval.Decision.values)}")
    if len(comment) > MAX_COMMENT:
        raise InvalidInput.of("comment", f"must have at most {MAX_COMMENT} characters")
    found = seen_promotion(actor, promotion)
    require_decider(actor, found)
    require_open(found)
    approver = approver_of(actor, found)
    if decision == Approval.Decision.APPROVED and not binding:
        raise InvalidInput.of("binding", "is required: approve what you looked at, by its binding")
    reviewed = review_again(found)
    if decision == Approval.Decision.APPROVED and reviewed.is_undecided:
        raise Unavailable("A gate could not decide; the promotion still waits. Try again.")
    if binding and binding != reviewed.binding:
        show(found, reviewed, actor=actor)
        raise Conflict(
            "The promotion is not what you looked at any more; look again and decide.",
            extra={"binding": reviewed.binding},
        )
    with transaction.atomic():
        waiting = _locked_for(actor, found, reviewed)
        approval = _record(waiting, approver, decision, comment, binding=reviewed.binding)
        _publish_decided(approval, reviewed, actor=actor)
        if decision == Approval.Decision.REJECTED or reviewed.is_refused:
            return _refuse(waiting, reviewed, actor=actor, reason=comment)
        approvals = standing_approvals(waiting, reviewed)
        if not suffice(approvals, reviewed):
            keep(waiting, reviewed)
            return waiting
        return complete.complete(waiting, reviewed, actor=actor, approvals=approvals)


def _locked_for(actor: Actor, promotion: Promotion, reviewed: Review) -> Promotion:
    """Return the promotion under lock, if ``actor`` may still decide on it.

    Ending a role takes the same lock on the workspace: nobody decides by a right that is gone.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=promotion.target_id)
    require_decider(access.afresh(actor), promotion, reviewed.proposal)
    return locked(promotion)


def _publish_decided(approval: Approval, reviewed: Review, *, actor: Actor) -> None:
    publish(
        PromotionDecided(
            **event_fields(reviewed.proposal, binding=reviewed.binding),
            reason=approval.comment,
            decision=approval.decision,
            approval=str(approval.uuid),
        ),
        actor=actor,
        roles=access.roles(actor, reviewed.proposal.target.pk),
    )


def _record(
    promotion: Promotion, approver: User, decision: str, comment: str, *, binding: str
) -> Approval:
    try:
        with transaction.atomic():
            return Approval.objects.create(
                promotion=promotion,
                decision=decision,
                binding=binding,
                comment=comment,
                decided_by=approver,
                decided_at=timezone.now(),
            )
    except IntegrityError:
        raise Conflict("You have decided on this promotion already.") from None


def _refuse(promotion: Promotion, reviewed: Review, *, actor: Actor, reason: str) -> Promotion:
    promotion.status = Promotion.Status.REFUSED
    promotion.verdicts = reviewed.verdicts_as_json()
    promotion.binding = reviewed.binding
    promotion.closed_at = timezone.now()
    promotion.save()
    publish(
        PromotionRefused(
            **event_fields(reviewed.proposal, binding=reviewed.binding),
            reason=reason,
            verdicts=journalled(promotion.verdicts),
        ),
        actor=actor,
        roles=access.roles(actor, promotion.target_id),
    )
    return promotion


def withdraw(*, actor: Actor, promotion: UUID, reason: str = "") -> Promotion:
    """Take an open promotion back; needs promote_into_workspace on the target, of whoever asked
    for it too: a token that may not promote cannot undo a request either."""
    found = seen_promotion(actor, promotion)
    access.require(actor, Permission.PROMOTE, found.target, subject=f"promotion/{promotion}")
    require_open(found)
    with transaction.atomic():
        return closing.close(locked(found), Promotion.Status.WITHDRAWN, actor=actor, reason=reason)
