"""Ask for exemptions, grant them, and end them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import AccessDenied, Conflict, Denial, InvalidInput, NotFound
from core.journal import publish
from policies.events import ExemptionEnded, ExemptionGranted, ExemptionRequested
from policies.models import Exemption
from policies.services.scopes import (
    assignment_here,
    check_expiry,
    check_members,
    checked_asset,
    owner_here,
    resource_here,
)
from registry import access
from registry.permissions import Permission
from registry.queries.issuers import NOR_SO, acts_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from policies.events import ExemptionEvent
    from registry.models import Workspace

MAX_REASON = 4_000
MAX_TICKET = 500
# A credential narrowed to scopes asks for and takes back exemptions with one of these alone.
ASKING = frozenset({Permission.ASSIGN_POLICY, Permission.SUBMIT_CONFIGURATION, Permission.PROMOTE})


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is exempted: of the assignment some members by ``reference_ids``, or all; about one
    ``resource``, one ``asset`` (kind/name), or everything."""

    assignment: UUID
    workspace: str
    reference_ids: Sequence[str] = ()
    resource: UUID | None = None
    asset: str = ""


def ask(
    *,
    actor: Actor,
    scope: Scope,
    category: str,
    reason: str,
    expires_at: datetime,
    owner: str = "",
    ticket: str = "",
) -> Exemption:
    """Ask for an exemption; nothing follows until somebody else grants it.

    ``category`` is waiver (the risk is accepted) or mitigated (met in another way);
    ``expires_at`` is at most 400 days away; ``owner`` is the username of who answers for it, by
    default the actor, ``ticket`` where else it is followed. Needs view on the workspace, and a
    credential that is not narrowed to scopes without any of ASKING. Raises InvalidInput or
    AccessDenied.
    """
    place = access.workspace_by_slug(actor, scope.workspace, field="workspace")
    _require_scope(actor, place, subject=f"exemptions in {place.slug}")
    assignment = assignment_here(scope.assignment, place)
    check_members(assignment, scope.reference_ids, field="reference_ids")
    if actor.user is None:
        raise InvalidInput("An exemption needs a person or a service account to ask for it.")
    _check_words(category=category, reason=reason, ticket=ticket)
    now = timezone.now()
    check_expiry(expires_at, now=now)
    with transaction.atomic():
        exemption = Exemption.objects.create(
            assignment=assignment,
            workspace=place,
            reference_ids=sorted(set(scope.reference_ids)),
            resource=resource_here(scope.resource, place, asset=scope.asset),
            asset=checked_asset(scope.asset),
            category=category,
            reason=reason,
            ticket=ticket,
            owner=owner_here(owner, place, default=actor.user),
            requested_by=actor.user,
            requested_at=now,
            expires_at=expires_at,
        )
        publish_exemption(ExemptionRequested, exemption, actor=actor, reason=reason)
    return exemption


def _check_words(*, category: str, reason: str, ticket: str) -> None:
    if category not in Exemption.Category.values:
        raise InvalidInput.of("category", f"must be one of {', '.join(Exemption.Category.values)}")
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput.of("reason", f"must say why, in at most {MAX_REASON} characters")
    if len(ticket) > MAX_TICKET:
        raise InvalidInput.of("ticket", f"must have at most {MAX_TICKET} characters")


def grant(*, actor: Actor, exemption: UUID, reason: str = "") -> Exemption:
    """Grant an exemption that somebody else asked for: it counts from now on.

    Needs assign_policy in its workspace; where the assignment reaches further than that
    workspace, an administrator of the organisation, since a wider rule is not the workspace's to
    waive. Raises AccessDenied for one's own request, superusers included, or Conflict.
    """
    found = _found(actor, exemption)
    _require_authority(actor, found)
    subject = f"exemption/{exemption}"
    denial = Denial(Permission.ASSIGN_POLICY.value, subject, found.workspace.uuid)
    if actor.user is None:
        raise AccessDenied("Only people and service accounts grant exemptions.", denial=denial)
    if acts_for(actor, found.requested_by):
        raise AccessDenied(f"Nobody grants an exemption to themselves{NOR_SO}.", denial=denial)
    with transaction.atomic():
        now = timezone.now()
        waiting = Exemption.objects.filter(
            pk=found.pk,
            approved_at__isnull=True,
            valid_to__isnull=True,
            expires_at__gt=now,
            assignment__valid_to__isnull=True,
        )
        if not waiting.update(approved_at=now, approved_by=actor.user):
            raise Conflict("The exemption does not wait for a decision any more.")
        found.refresh_from_db()
        publish_exemption(ExemptionGranted, found, actor=actor, reason=reason)
    return found


def end(*, actor: Actor, exemption: UUID, reason: str = "") -> Exemption:
    """End an exemption before its time, or turn a request down; needs assign_policy in its
    workspace, or to have asked for it and a credential that could. One that has ended is a
    Conflict."""
    found = _found(actor, exemption)
    if actor.user == found.requested_by:
        _require_scope(actor, found.workspace, subject=f"exemption/{exemption}")
    else:
        access.require(actor, Permission.ASSIGN_POLICY, found.workspace)
    with transaction.atomic():
        still_open = Exemption.objects.filter(pk=found.pk, valid_to__isnull=True)
        if not still_open.update(valid_to=timezone.now(), ended_by=actor.user):
            raise Conflict("The exemption has ended already.")
        found.refresh_from_db()
        publish_exemption(ExemptionEnded, found, actor=actor, reason=reason)
    return found


def _found(actor: Actor, uuid: UUID) -> Exemption:
    found = (
        Exemption.objects.select_related(
            "workspace",
            "resource",
            "requested_by",
            "owner",
            "assignment__workspace",
            "assignment__policy_version__policy",
            "assignment__set_version__policy_set",
        )
        .filter(uuid=uuid)
        .first()
    )
    if found is None:
        raise NotFound
    access.require(actor, Permission.VIEW, found.workspace, subject=f"exemption/{uuid}")
    return found


def _require_scope(actor: Actor, workspace: Workspace, *, subject: str) -> None:
    if actor.scopes is None or not ASKING.isdisjoint(actor.scopes):
        return
    raise AccessDenied(
        f"The token has none of the scopes {', '.join(sorted(ASKING))}.",
        denial=Denial("request_exemption", subject, workspace.uuid),
    )


def _require_authority(actor: Actor, exemption: Exemption) -> None:
    if exemption.assignment.workspace_id is None:
        access.require_organisation_admin(actor, subject=f"exemption/{exemption.uuid}")
    else:
        access.require(actor, Permission.ASSIGN_POLICY, exemption.workspace)


def publish_exemption(
    event: type[ExemptionEvent], exemption: Exemption, *, actor: Actor, reason: str, **more: Any
) -> None:
    """Journal what happened to an exemption; ``more`` are fields of that event alone."""
    assignment, resource = exemption.assignment, exemption.resource
    of = assignment.policy_version or assignment.set_version
    assert of is not None  # a constraint of the table
    publish(
        event(
            subject=f"exemption/{exemption.uuid}",
            workspace=exemption.workspace.uuid,
            reason=reason,
            exemption=str(exemption.uuid),
            assignment=str(assignment.uuid),
            of=of.reference,
            reference_ids=list(exemption.reference_ids),
            resource=str(resource.uuid) if resource else None,
            asset=exemption.asset,
            category=exemption.category,
            requested_by=str(exemption.requested_by.uuid),
            owner=str(exemption.owner.uuid),
            ticket=exemption.ticket,
            expires_at=exemption.expires_at.isoformat(),
            **more,
        ),
        actor=actor,
        roles=access.roles(actor, exemption.workspace_id),
    )
