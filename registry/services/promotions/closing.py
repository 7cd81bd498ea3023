"""End a promotion that nobody completes: taken back, or left undecided for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.actors import system
from core.journal import publish
from registry import access
from registry.events import PromotionExpired, PromotionWithdrawn
from registry.models import Promotion
from registry.services.promotions.proposals import closing_fields, journalled

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import AssetVersion, Workspace

EVENTS: dict[str, type[PromotionWithdrawn | PromotionExpired]] = {
    Promotion.Status.WITHDRAWN: PromotionWithdrawn,
    Promotion.Status.EXPIRED: PromotionExpired,
}


def close(
    promotion: Promotion, status: Promotion.Status, *, actor: Actor, reason: str = ""
) -> Promotion:
    """Close a locked, open promotion as withdrawn or expired, in the current transaction."""
    promotion.status = status
    promotion.closed_at = timezone.now()
    promotion.save(update_fields=["status", "closed_at"])
    publish(
        EVENTS[status](
            **closing_fields(promotion), reason=reason, verdicts=journalled(promotion.verdicts)
        ),
        actor=actor,
        roles=access.roles(actor, promotion.target_id),
    )
    return promotion


def overdue() -> QuerySet[Promotion]:
    """Return the open promotions that nobody decided on in time, oldest first."""
    return Promotion.objects.filter(
        status=Promotion.Status.AWAITING_APPROVAL, expires_at__lte=timezone.now()
    ).order_by("id")


def expire_overdue(*, actor: Actor) -> int:
    """Close every overdue promotion and return how many; a transaction each.

    A housekeeping verb: only the system calls it.
    """
    return sum(_expire(pk, actor=actor) for pk in overdue().values_list("pk", flat=True))


def expire_twin(version: AssetVersion, *, target: Workspace, alias: str) -> None:
    """Close an overdue promotion of the same, which else would block a new one until the next
    housekeeping; in the current transaction, as the system."""
    twins = overdue().filter(source_version=version, target=target, alias=alias)
    for pk in twins.values_list("pk", flat=True):
        _expire(pk, actor=system())


def _expire(pk: int, *, actor: Actor) -> bool:
    with transaction.atomic():
        found = (
            Promotion.objects.select_for_update(of=("self",), no_key=True)
            .select_related("source_version__asset__workspace", "target", "requested_by")
            .get(pk=pk)
        )
        if found.status != Promotion.Status.AWAITING_APPROVAL:
            return False
        close(found, Promotion.Status.EXPIRED, actor=actor)
        return True
