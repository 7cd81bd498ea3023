"""Approve or reject a promotion, or take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import Actor, Via
from core.errors import AccessDenied, Conflict, Denial, InvalidInput, NotFound, Unavailable
from core.journal import publish
from registry import access
from registry.events import PromotionDecided, PromotionRefused, PromotionReviewed
from registry.models import Approval, Promotion, Workspace
from registry.permissions import Permission
from registry.services.promotions import closing, complete
from registry.services.promotions.proposals import Review, event_fields, journalled, review

if TYPE_CHECKING:
    from uuid import UUID

    from core.models import User

MAX_COMMENT = 4_000


def decide(
    *, actor: Actor, promotion: UUID, decision: str, comment: str = "", binding: str = ""
) -> Promotion:
    """Record a decision; complete the promotion once enough approvals stand, or refuse it.

    The gates are asked afresh. ``binding`` is the one that the approver looked at: where another
    holds now, the decision is a Conflict, not recorded, and the promotion shows the fresh review.
    Earlier approvals under another binding are stale and do not count. A gate that cannot decide
    leaves the promotion waiting (Unavailable). Needs approve_promotion on the target, also when
    the gates have answered; nobody decides on their own request. Raises InvalidInput,
    AccessDenied, NotFound, Conflict or Unavailable.
    """
    if decision not in Approval.Decision.values:
        raise InvalidInput.of("decision", f"must be one of {', '.join(Approval.Decision.values)}")
    if len(comment) > MAX_COMMENT:
        raise InvalidInput.of("comment", f"must have at most {MAX_COMMENT} characters")
    found = _open_promotion(actor, promotion, permission=Permission.APPROVE)
    approver = _approver(actor, found)
    reviewed = _review_again(found)
    if decision == Approval.Decision.APPROVED and reviewed.is_undecided:
        raise Unavailable("A gate could not decide; the promotion still waits. Try again.")
    if binding and binding != reviewed.binding:
        _show(found, reviewed, actor=actor)
        raise Conflict(
            "The promotion is not what you looked at any more; look again and decide.",
            extra={"binding": reviewed.binding},
        )
    with transaction.atomic():
        locked = _locked_for(actor, found)
        approval = _record(locked, approver, decision, comment, binding=reviewed.binding)
        _publish_decided(approval, reviewed, actor=actor)
        if decision == Approval.Decision.REJECTED or reviewed.is_refused:
            return _refuse(locked, reviewed, actor=actor, reason=comment)
        approvals = _standing_approvals(locked, binding=reviewed.binding)
        if len(approvals) < reviewed.required_approvals:
            _keep(locked, reviewed)
            return locked
        return complete.complete(locked, reviewed, actor=actor, approvals=approvals)


def _locked_for(actor: Actor, promotion: Promotion) -> Promotion:
    """Return the promotion under lock, if ``actor`` may still decide on it.

    Ending a role takes the same lock on the workspace: nobody decides by a right that is gone.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=promotion.target_id)
    access.require(
        access.afresh(actor),
        Permission.APPROVE,
        promotion.target,
        subject=f"promotion/{promotion.uuid}",
    )
    return _locked(promotion)


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


def _keep(promotion: Promotion, reviewed: Review) -> None:
    """Let the promotion show what the gates say now."""
    promotion.binding, promotion.verdicts = reviewed.binding, reviewed.verdicts_as_json()
    promotion.required_approvals = reviewed.required_approvals
    promotion.save(update_fields=["binding", "verdicts", "required_approvals"])


def _show(promotion: Promotion, reviewed: Review, *, actor: Actor) -> None:
    """Store a review that differs from the one on show, so that people can look at it."""
    with transaction.atomic():
        locked = _locked(promotion)
        _keep(locked, reviewed)
        publish(
            PromotionReviewed(
                **event_fields(reviewed.proposal, binding=reviewed.binding),
                verdicts=journalled(locked.verdicts),
            ),
            actor=actor,
            roles=access.roles(actor, locked.target_id),
        )


def _open_promotion(actor: Actor, uuid: UUID, *, permission: Permission) -> Promotion:
    found = (
        Promotion.objects.select_related(
            "source_version__asset__workspace", "source_version__spec", "target", "requested_by"
        )
        .filter(uuid=uuid)
        .first()
    )
    if found is None:
        raise NotFound
    access.require(actor, permission, found.target, subject=f"promotion/{uuid}")
    _require_open(found)
    return found


def _require_open(promotion: Promotion) -> None:
    if promotion.status != Promotion.Status.AWAITING_APPROVAL:
        raise Conflict(
            f"The promotion is {promotion.status}.", extra={"promotion_status": promotion.status}
        )
    if promotion.expires_at <= timezone.now():
        raise Conflict("The promotion has expired; ask for it again.")


def _approver(actor: Actor, promotion: Promotion) -> User:
    denial = Denial(Permission.APPROVE.value, f"promotion/{promotion.uuid}", promotion.target.uuid)
    if actor.user is None:
        raise AccessDenied("Only people and service accounts approve.", denial=denial)
    if actor.user == promotion.requested_by:
        raise AccessDenied("Nobody decides on their own request.", denial=denial)
    return actor.user


def _review_again(promotion: Promotion) -> Review:
    requester = Actor(user=promotion.requested_by, via=Via.TASK)
    return review(
        promotion=promotion.uuid,
        version=promotion.source_version,
        target=promotion.target,
        alias=promotion.alias,
        reason=promotion.reason,
        requested_by=requester,
    )


def _locked(promotion: Promotion) -> Promotion:
    """Return the promotion under a row lock; raises Conflict if somebody else closed it."""
    locked = (
        Promotion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("source_version__asset__workspace", "target", "requested_by")
        .get(pk=promotion.pk)
    )
    _require_open(locked)
    return locked


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
            )
    except IntegrityError:
        raise Conflict("You have decided on this promotion already.") from None


def _standing_approvals(promotion: Promotion, *, binding: str) -> list[Approval]:
    """Return the approvals that count: under this binding, by people who may still approve."""
    given = (
        promotion.approvals.filter(binding=binding, decision=Approval.Decision.APPROVED)
        .select_related("decided_by")
        .order_by("id")
    )
    return [
        approval
        for approval in given
        if approval.decided_by_id != promotion.requested_by_id
        and access.allows(
            Actor(user=approval.decided_by, via=Via.TASK), Permission.APPROVE, promotion.target_id
        )
    ]


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
    found = _open_promotion(actor, promotion, permission=Permission.VIEW)
    access.require(actor, Permission.PROMOTE, found.target, subject=f"promotion/{promotion}")
    with transaction.atomic():
        return closing.close(_locked(found), Promotion.Status.WITHDRAWN, actor=actor, reason=reason)
