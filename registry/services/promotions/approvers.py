"""Who may decide on a promotion, and whether the approvals given are those that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from core.actors import Actor, Via
from core.errors import AccessDenied, Denial
from registry import access
from registry.models import Approval
from registry.permissions import Permission, Role
from registry.queries.issuers import NOR_SO, acts_for
from registry.queries.rules import demand_of, named_roles, rules_for, rules_in_force
from registry.rules.approvals import Given, missing

if TYPE_CHECKING:
    from core.models import User
    from registry.gates.base import Proposal
    from registry.models import Promotion, Workspace
    from registry.services.promotions.proposals import Review


def approver_of(actor: Actor, promotion: Promotion) -> User:
    """Return the person who decides; raises AccessDenied for the system and the requester."""
    denial = Denial(Permission.APPROVE.value, f"promotion/{promotion.uuid}", promotion.target.uuid)
    if actor.user is None:
        raise AccessDenied("Only people and service accounts approve.", denial=denial)
    if acts_for(actor, promotion.requested_by):
        raise AccessDenied(f"Nobody decides on their own request{NOR_SO}.", denial=denial)
    return actor.user


def require_decider(actor: Actor, promotion: Promotion, proposal: Proposal | None = None) -> None:
    """Return if ``actor`` may decide: by approve_promotion, or by a role that a rule calls on.

    Without ``proposal`` any rule of the target may call; with one, those that are about it.
    """
    target = promotion.target
    rules = rules_for(proposal) if proposal else rules_in_force(target)
    if not _is_called_on(actor, target, roles=named_roles(rules)):
        subject = f"promotion/{promotion.uuid}"
        access.require(actor, Permission.APPROVE, target, subject=subject)


def _is_called_on(actor: Actor, target: Workspace, *, roles: frozenset[str]) -> bool:
    """A credential that may not approve may not do so by a role either."""
    in_scope = actor.scopes is None or Permission.APPROVE.value in actor.scopes
    if not roles or not in_scope or not access.allows(actor, Permission.VIEW, target.pk):
        return False
    return bool(access.roles(actor, target.pk) & roles)


def standing_approvals(promotion: Promotion, reviewed: Review) -> list[Approval]:
    """Return the approvals that count: under today's binding, by people who may still approve."""
    given = (
        promotion.approvals.filter(binding=reviewed.binding, decision=Approval.Decision.APPROVED)
        .exclude(decided_by=promotion.requested_by_id)
        .select_related("decided_by")
        .order_by("id")
    )
    roles = named_roles(rules_for(reviewed.proposal))
    return [each for each in given if _may_still(each.decided_by, promotion.target, roles=roles)]


def _may_still(user: User, target: Workspace, *, roles: frozenset[str]) -> bool:
    actor = Actor(user=user, via=Via.TASK)
    if access.allows(actor, Permission.APPROVE, target.pk):
        return True
    return _is_called_on(actor, target, roles=roles)


def suffice(approvals: list[Approval], reviewed: Review) -> bool:
    """Tell whether the approvals are enough for every gate, and for every rule of the target."""
    if len(approvals) < reviewed.required_approvals:
        return False
    target, now = reviewed.proposal.target, timezone.now()
    given = [
        Given(each.decided_by_id, _roles(each.decided_by, target), each.decided_at)
        for each in approvals
    ]
    return not any(
        missing(demand_of(rule), given, now=now) for rule in rules_for(reviewed.proposal)
    )


def _roles(user: User, target: Workspace) -> frozenset[str]:
    """An administrator of the organisation stands for an admin of every workspace."""
    held = access.roles(Actor(user=user, via=Via.TASK), target.pk)
    return held | {Role.ADMIN.value} if access.SUPERUSER in held else held
