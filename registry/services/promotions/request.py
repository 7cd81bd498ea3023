"""Ask for a promotion."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput
from core.ids import new_uuid
from core.journal import publish
from core.references import check_alias
from registry import access
from registry.events import PromotionRefused, PromotionRequested
from registry.models import Promotion
from registry.permissions import Permission
from registry.queries.rules import rules_for
from registry.queries.versions import reference_of, resolve
from registry.services.locking import still_stands
from registry.services.promotions import closing, complete
from registry.services.promotions.proposals import Review, event_fields, journalled, propose, review

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.models import AssetVersion, Workspace

OPEN_FOR = timedelta(days=30)
MAX_REASON = 4_000


def promote(*, actor: Actor, source: str, target: str, alias: str = "", reason: str) -> Promotion:
    """Request to take the version ``source`` into the workspace ``target``; return the promotion.

    Its status tells what came of it: completed, awaiting_approval, or refused with the verdicts of
    all gates. Needs view on the source and promote_into_workspace on the target. Raises
    InvalidInput, AccessDenied, or Conflict while the same request waits for approval.
    """
    version, place = _checked(actor, source=source, target=target, alias=alias, reason=reason)
    reviewed = review(
        propose(
            promotion=new_uuid(),
            version=version,
            target=place,
            alias=alias,
            reason=reason,
            requested_by=actor,
        )
    )
    if reviewed.is_refused:
        return _refuse(reviewed, actor=actor)
    if reviewed.required_approvals:
        return _await_approval(reviewed, actor=actor)
    with transaction.atomic():
        promotion = new_promotion(reviewed, actor=actor)
        return complete.complete(promotion, reviewed, actor=actor, approvals=[])


def preview(*, actor: Actor, source: str, target: str, alias: str = "", reason: str = "") -> Review:
    """Return what the gates would say now, leaving no promotion behind; same rights as promote."""
    version, place = _checked(
        actor, source=source, target=target, alias=alias, reason=reason or "preview"
    )
    return review(
        propose(
            promotion=new_uuid(),
            version=version,
            target=place,
            alias=alias,
            reason=reason,
            requested_by=actor,
        )
    )


def _checked(
    actor: Actor, *, source: str, target: str, alias: str, reason: str
) -> tuple[AssetVersion, Workspace]:
    version = resolve(actor, source, field="source")
    place = access.workspace_by_slug(actor, target, permission=Permission.PROMOTE, field="target")
    if place.pk == version.asset.workspace_id:
        raise InvalidInput.of("target", "is the workspace that the version is in")
    if alias:
        check_alias(alias, field="alias")
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput.of("reason", f"must say why, in at most {MAX_REASON} characters")
    if actor.user is None:
        raise InvalidInput("A promotion needs a person or a service account to ask for it.")
    open_twin = Promotion.objects.filter(
        source_version=version,
        target=place,
        alias=alias,
        status=Promotion.Status.AWAITING_APPROVAL,
        expires_at__gt=timezone.now(),
    ).first()
    if open_twin is not None:
        raise _in_flight(version, place, extra={"promotion": str(open_twin.uuid)})
    return version, place


def _in_flight(
    version: AssetVersion, target: Workspace, *, extra: dict[str, str] | None = None
) -> Conflict:
    message = f"A promotion of {reference_of(version)} into {target.slug} waits for approval."
    return Conflict(message, extra=extra)


def new_promotion(reviewed: Review, *, actor: Actor) -> Promotion:
    """Return the unsaved promotion of a review, with what all its ends have in common."""
    proposal, now = reviewed.proposal, timezone.now()
    return Promotion(
        uuid=proposal.promotion,
        source_version=proposal.version,
        target=proposal.target,
        alias=proposal.alias,
        reason=proposal.reason,
        verdicts=reviewed.verdicts_as_json(),
        binding=reviewed.binding,
        required_approvals=reviewed.required_approvals,
        requested_by=actor.user,
        requested_at=now,
        expires_at=now + _open_for(reviewed),
    )


def _open_for(reviewed: Review) -> timedelta:
    """Return how long people have to decide: the least that any rule gives them."""
    days = [rule.parsed.request_max_age_days for rule in rules_for(reviewed.proposal)]
    return min([OPEN_FOR, *(timedelta(days=each) for each in days if each is not None)])


def _refuse(reviewed: Review, *, actor: Actor) -> Promotion:
    """Record the refusal: it is evidence, and must not roll back with an exception."""
    with transaction.atomic():
        promotion = new_promotion(reviewed, actor=actor)
        promotion.status = Promotion.Status.REFUSED
        promotion.closed_at = timezone.now()
        promotion.save()
        publish(
            PromotionRefused(
                **event_fields(reviewed.proposal, binding=reviewed.binding),
                reason=promotion.reason,
                verdicts=journalled(promotion.verdicts),
            ),
            actor=actor,
            roles=access.roles(actor, promotion.target_id),
        )
    return promotion


def _await_approval(reviewed: Review, *, actor: Actor) -> Promotion:
    with transaction.atomic():
        promotion = new_promotion(reviewed, actor=actor)
        promotion.status = Promotion.Status.AWAITING_APPROVAL
        closing.expire_twin(
            promotion.source_version, target=promotion.target, alias=promotion.alias
        )
        try:
            with transaction.atomic():
                promotion.save()
        except IntegrityError:
            raise _in_flight(promotion.source_version, promotion.target) from None
        # Deleting looks for open promotions under a lock that writing this one waited for.
        still_stands(promotion.source_version)
        publish(
            PromotionRequested(
                **event_fields(reviewed.proposal, binding=reviewed.binding),
                reason=promotion.reason,
                verdicts=journalled(promotion.verdicts),
            ),
            actor=actor,
            roles=access.roles(actor, promotion.target_id),
        )
    return promotion
