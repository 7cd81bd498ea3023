"""Take one promotion back: let its alias mean again what it meant before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput, Refused
from core.journal import publish
from registry import access
from registry.events import PromotionRolledBack, RollbackRefused
from registry.gates import base as gates
from registry.models import Alias, AliasMove, Asset, AssetVersion, Promotion, Workspace
from registry.permissions import Permission
from registry.queries.versions import reference_of
from registry.services import aliases
from registry.services.promotions.proposals import (
    Review,
    closing_fields,
    journalled,
    propose,
    review,
)
from registry.services.promotions.request import MAX_REASON
from registry.services.promotions.waiting import seen_promotion

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

LOADED = ("asset__workspace", "spec")


def rollback(*, actor: Actor, promotion: UUID, reason: str) -> Promotion:
    """Move the alias of a completed promotion back by one step, on record with ``reason``.

    Every gate is asked about the earlier version, as it is now. Approvals are not asked for again
    where a promotion brought that version here: it was approved for this workspace. Needs
    promote_into_workspace. Raises InvalidInput, NotFound, AccessDenied, Refused with the verdicts,
    or Conflict where the alias means something else by now or meant nothing before.
    """
    found = seen_promotion(actor, promotion)
    place = found.target
    access.require(actor, Permission.PROMOTE, place, subject=f"promotion/{promotion}")
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput.of("reason", f"must say why, in at most {MAX_REASON} characters")
    if actor.user is None:
        raise InvalidInput("A rollback needs a person or a service account to ask for it.")
    earlier = _earlier(found)
    reviewed = review(
        propose(
            promotion=found.uuid,
            version=earlier,
            target=place,
            alias=found.alias,
            reason=reason,
            requested_by=actor,
        )
    )
    _require_passed(found, earlier, reviewed, actor=actor)
    with transaction.atomic():
        return _move_back(found, earlier, reviewed, actor=actor, reason=reason)


def _earlier(promotion: Promotion) -> AssetVersion:
    """Return what the alias meant before the promotion moved it."""
    result = promotion.target_version
    if result is None or not promotion.alias:
        raise Conflict("Only a completed promotion that moved an alias can be rolled back.")
    _require_current(promotion, result)
    move = (
        AliasMove.objects.filter(asset=result.asset_id, name=promotion.alias, to_version=result)
        .order_by("id")
        .values_list("from_version", flat=True)
        .first()
    )
    if move is None:
        raise Conflict(f"{promotion.alias} meant nothing before: there is nothing to go back to.")
    return AssetVersion.objects.select_related(*LOADED).get(pk=move)


def _require_current(promotion: Promotion, result: AssetVersion) -> None:
    now = Alias.objects.select_related("version").filter(
        asset=result.asset_id, name=promotion.alias
    )
    meant = now.first()
    if meant is None or meant.version_id != result.pk:
        actual = meant.version.number if meant else None
        raise Conflict(
            f"{promotion.alias} does not point at what this promotion brought any more.",
            extra={"actual": actual},
        )


def _require_passed(
    promotion: Promotion, earlier: AssetVersion, reviewed: Review, *, actor: Actor
) -> None:
    refused = " ".join(
        reason.message
        for verdict in reviewed.verdicts
        if verdict.outcome is gates.Outcome.REFUSE
        for reason in verdict.reasons
    )
    came_here = Promotion.objects.filter(
        target_version=earlier, status=Promotion.Status.COMPLETED
    ).exists()
    if not refused and reviewed.required_approvals and not came_here:
        refused = f"Nobody approved {reference_of(earlier)} for this workspace: promote it instead."
    if not refused:
        return
    verdicts = reviewed.verdicts_as_json()
    with transaction.atomic():
        publish(
            RollbackRefused(
                **closing_fields(promotion),
                reason=refused,
                verdicts=journalled(verdicts),
                back_to=_point(earlier),
            ),
            actor=actor,
            roles=access.roles(actor, promotion.target_id),
        )
    raise Refused(refused, extra={"verdicts": verdicts})


def _move_back(
    promotion: Promotion, earlier: AssetVersion, reviewed: Review, *, actor: Actor, reason: str
) -> Promotion:
    """Check once more, under the locks that a promotion takes, and move."""
    result = promotion.target_version
    assert result is not None  # _earlier has seen it
    Workspace.objects.select_for_update(no_key=True).get(pk=promotion.target_id)
    Asset.objects.select_for_update(no_key=True).get(pk=result.asset_id)
    current = access.afresh(actor)
    access.require(
        current, Permission.PROMOTE, promotion.target, subject=f"promotion/{promotion.uuid}"
    )
    if not gates.all_still_stand(reviewed.proposal, reviewed.verdicts):
        raise Conflict("What the gates looked at changed meanwhile; try again.")
    aliases.move_within(
        actor=actor,
        asset=result.asset,
        alias=promotion.alias,
        to=earlier,
        expected=result.number,
        reason=reason,
        promotion=promotion.uuid,
    )
    promotion.rolled_back_at = timezone.now()
    promotion.save(update_fields=["rolled_back_at"])
    publish(
        PromotionRolledBack(
            **closing_fields(promotion),
            reason=reason,
            verdicts=journalled(reviewed.verdicts_as_json()),
            result=_point(result),
            back_to=_point(earlier),
        ),
        actor=actor,
        roles=access.roles(actor, promotion.target_id),
    )
    return promotion


def _point(version: AssetVersion) -> dict[str, Any]:
    return {
        "ref": str(reference_of(version)),
        "version": str(version.uuid),
        "digest": version.digest,
    }
