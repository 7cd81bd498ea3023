"""Promotions as their readers look for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from registry import access
from registry.models import Approval, Promotion
from registry.permissions import Permission
from registry.queries.rules import calling_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    Where a rule calls on a role of the actor, so are the promotions that this rule is about.
    """
    reach = access.in_reach(actor, path="target", permission=Permission.APPROVE)
    if held := calling_roles(actor):
        reach |= access.in_reach(actor, path="target") & Q(pk__in=_called_on(held))
    decided = Approval.objects.filter(
        promotion=OuterRef("pk"), decided_by=actor.user, binding=OuterRef("binding")
    )
    return (
        _open()
        .filter(reach, ~Exists(decided))
        .exclude(requested_by=actor.user)
        .select_related(*RELATED)
        .order_by("-id")
    )


def _open() -> QuerySet[Promotion]:
    return Promotion.objects.filter(
        status=Promotion.Status.AWAITING_APPROVAL, expires_at__gt=timezone.now()
    )


def _called_on(held: Mapping[int, frozenset[str]]) -> list[int]:
    """Return the open promotions whose rules, as on show, call on a role held in the target."""
    rows = _open().filter(target__in=held).values_list("pk", "target_id", "verdicts")
    return [pk for pk, target, verdicts in rows if _named(verdicts) & held[target]]


def _named(verdicts: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(
        role
        for verdict in verdicts
        for reason in verdict["reasons"]
        for key in ("approver_roles", "distinct_roles")
        for role in reason["detail"].get(key, ())
    )


def promotions_of(actor: Actor, versions: QuerySet[AssetVersion]) -> QuerySet[Promotion]:
    """Return the visible promotions that took one of ``versions`` or brought it, newest first."""
    chosen = versions.values("pk")
    took_or_brought = Q(source_version__in=chosen) | Q(target_version__in=chosen)
    return visible_promotions(actor).filter(took_or_brought).order_by("-id")
