"""Accept or reject a proposal to ask for less in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.errors import AccessDenied, Conflict, Denial, NotFound
from core.journal import publish
from registry import access
from registry.events import PromotionRuleAccepted, PromotionRuleRejected
from registry.models import PromotionRule, PromotionRuleProposal, Workspace
from registry.permissions import Permission
from registry.queries.issuers import acts_for
from registry.services.rules.writing import Terms, journalled, terms_of, write_end, write_rule

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

Status = PromotionRuleProposal.Status
EVENTS: dict[str, type[PromotionRuleAccepted | PromotionRuleRejected]] = {
    Status.ACCEPTED: PromotionRuleAccepted,
    Status.REJECTED: PromotionRuleRejected,
}


def accept(*, actor: Actor, proposal: UUID, reason: str = "") -> PromotionRuleProposal:
    """Let the proposed rule hold from now on. Needs change_workspace, and another person than
    the one who proposed it; a Conflict where the rule has changed since."""
    with transaction.atomic():
        found = _open(actor, proposal)
        if actor.user is None or acts_for(actor, found.proposed_by):
            raise AccessDenied(
                "Nobody accepts their own proposal: it takes a second admin.",
                denial=_denial(found),
            )
        rule = PromotionRule.objects.select_related("workspace").get(pk=found.replaces_id)
        if rule.valid_to is not None:
            raise Conflict("The rule has changed since; reject the proposal and make a new one.")
        _close(found, Status.ACCEPTED, actor=actor, reason=reason)
        if found.is_end:
            write_end(rule, actor=actor, reason=found.reason)
        else:
            write_rule(
                rule.workspace,
                Terms(found.required_approvals, found.conditions),
                actor=actor,
                kind=rule.kind,
                alias_pattern=rule.alias_pattern,
                reason=found.reason,
            )
    return found


def reject(*, actor: Actor, proposal: UUID, reason: str = "") -> PromotionRuleProposal:
    """End a proposal without effect; whoever made it takes it back so. Needs change_workspace."""
    with transaction.atomic():
        found = _open(actor, proposal)
        return _close(found, Status.REJECTED, actor=actor, reason=reason)


def _open(actor: Actor, uuid: UUID) -> PromotionRuleProposal:
    """Return the proposal under the lock of its workspace; its row is written under that only."""
    rows = PromotionRuleProposal.objects.select_related(
        "workspace", "proposed_by", "closed_by", "replaces"
    )
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    Workspace.objects.select_for_update(no_key=True).get(pk=found.workspace_id)
    subject = f"promotion-rule-proposal/{uuid}"
    access.require(
        access.afresh(actor), Permission.CHANGE_WORKSPACE, found.workspace, subject=subject
    )
    found = rows.get(pk=found.pk)
    if found.status != Status.OPEN:
        raise Conflict(f"The proposal is {found.status} already.")
    return found


def _denial(proposal: PromotionRuleProposal) -> Denial:
    return Denial(
        Permission.CHANGE_WORKSPACE.value,
        f"promotion-rule-proposal/{proposal.uuid}",
        proposal.workspace.uuid,
    )


def _close(
    proposal: PromotionRuleProposal, status: str, *, actor: Actor, reason: str
) -> PromotionRuleProposal:
    proposal.status, proposal.closing_reason = status, reason
    proposal.closed_by, proposal.closed_at = actor.user, timezone.now()
    proposal.save(update_fields=["status", "closing_reason", "closed_by", "closed_at"])
    rule = proposal.replaces
    publish(
        EVENTS[status](
            subject=proposal.workspace.slug,
            workspace=proposal.workspace.uuid,
            reason=reason,
            rule=str(rule.uuid),
            kind=rule.kind,
            alias_pattern=rule.alias_pattern,
            proposal=str(proposal.uuid),
            is_end=proposal.is_end,
            before=journalled(terms_of(rule)),
            after=journalled(Terms(proposal.required_approvals, proposal.conditions)),
        ),
        actor=actor,
        roles=access.roles(actor, proposal.workspace_id),
    )
    return proposal
