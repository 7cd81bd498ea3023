"""Promotions as their readers look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from registry import access
from registry.models import Approval, Promotion
from registry.permissions import Permission
from registry.queries.rules import called_on

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import AssetVersion

RELATED = (
    "source_version__asset__workspace",
    "target",
    "target_version__asset__workspace",
    "requested_by",
)


def visible_promotions(actor: Actor) -> QuerySet[Promotion]:
    """Return the promotions into workspaces that ``actor`` may see, with what names them."""
    return Promotion.objects.filter(access.in_reach(actor, path="target")).select_related(*RELATED)


def awaiting(actor: Actor) -> QuerySet[Promotion]:
    """Return the open promotions that ``actor`` may decide on and has not, newest first.

    Never the actor's own requests; a decision under another binding than today's does not count.
    Where a rule of the target calls on a role of the actor, all that wait there are among them.
    """
    reach = access.in_reach(actor, path="target", permission=Permission.APPROVE)
    if called := called_on(actor):
        reach |= access.in_reach(actor, path="target") & Q(target__in=called)
    decided = Approval.objects.filter(
        promotion=OuterRef("pk"), decided_by=actor.user, binding=OuterRef("binding")
    )
    return (
        Promotion.objects.filter(
            reach,
            ~Exists(decided),
            status=Promotion.Status.AWAITING_APPROVAL,
            expires_at__gt=timezone.now(),
        )
        .exclude(requested_by=actor.user)
        .select_related(*RELATED)
        .order_by("-id")
    )


def promotions_of(actor: Actor, versions: QuerySet[AssetVersion]) -> QuerySet[Promotion]:
    """Return the visible promotions that took one of ``versions`` or brought it, newest first."""
    chosen = versions.values("pk")
    took_or_brought = Q(source_version__in=chosen) | Q(target_version__in=chosen)
    return visible_promotions(actor).filter(took_or_brought).order_by("-id")
