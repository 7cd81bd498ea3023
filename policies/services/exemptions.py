"""Ask for exemptions, grant them, and end them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.errors import AccessDenied, Conflict, Denial, InvalidInput, NotFound
from core.journal import publish
from policies.events import ExemptionEnded, ExemptionGranted, ExemptionRequested
from policies.models import Assignment, Exemption, Resource
from policies.queries.assignments import RELATED, reaches, rules_of
from registry import access
from registry.kinds import KINDS
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from registry.models import Workspace

MAX_REASON = 4_000
LONGEST = timedelta(days=400)
# A credential narrowed to scopes asks for and takes back exemptions with one of these alone.
ASKING = frozenset({Permission.ASSIGN_POLICY, Permission.SUBMIT_CONFIGURATION, Permission.PROMOTE})


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is exempted: of the assignment one member by ``reference_id``, or all; about one
    ``resource``, one ``asset`` (kind/name), or everything."""

    assignment: UUID
    workspace: str
    reference_id: str = ""
    resource: UUID | None = None
    asset: str = ""


def ask(
    *, actor: Actor, scope: Scope, category: str, reason: str, expires_at: datetime
) -> Exemption:
    """Ask for an exemption; nothing follows until somebody else grants it.

    ``category`` is waiver (the risk is accepted) or mitigated (met in another way);
    ``expires_at`` is at most 400 days away. Needs view on the workspace, and a credential that is
    not narrowed to scopes without any of ASKING. Raises InvalidInput or AccessDenied.
    """
    place = access.workspace_by_slug(actor, scope.workspace, field="workspace")
    _require_scope(actor, place, subject=f"exemptions in {place.slug}")
    assignment = _assignment(actor, scope, place)
    if actor.user is None:
        raise InvalidInput("An exemption needs a person or a service account to ask for it.")
    if category not in Exemption.Category.values:
        raise InvalidInput.of("category", f"must be one of {', '.join(Exemption.Category.values)}")
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput.of("reason", f"must say why, in at most {MAX_REASON} characters")
    now = timezone.now()
    if not now < expires_at <= now + LONGEST:
        raise InvalidInput.of("expires_at", f"must be in the next {LONGEST.days} days")
    with transaction.atomic():
        exemption = Exemption.objects.create(
            assignment=assignment,
            workspace=place,
            reference_id=scope.reference_id,
            resource=_resource(scope, place),
            asset=_asset(scope),
            category=category,
            reason=reason,
            requested_by=actor.user,
            requested_at=now,
            expires_at=expires_at,
        )
        _publish(ExemptionRequested, exemption, actor=actor, reason=reason)
    return exemption


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
    if actor.user == found.requested_by:
        raise AccessDenied("Nobody grants an exemption to themselves.", denial=denial)
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
        _publish(ExemptionGranted, found, actor=actor, reason=reason)
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
        _publish(ExemptionEnded, found, actor=actor, reason=reason)
    return found


def _found(actor: Actor, uuid: UUID) -> Exemption:
    found = (
        Exemption.objects.select_related(
            "workspace",
            "resource",
            "requested_by",
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


def _assignment(actor: Actor, scope: Scope, place: Workspace) -> Assignment:
    found = (
        Assignment.objects.select_related(*RELATED)
        .prefetch_related("exclusions", "set_version__members__policy_version__policy")
        .filter(uuid=scope.assignment, valid_to__isnull=True)
        .first()
    )
    if found is None or not reaches(found, place):
        reason = f"no assignment {scope.assignment} holds in {place.slug}"
        raise InvalidInput.of("assignment", reason)
    if scope.reference_id and scope.reference_id not in {
        rule.reference_id for rule in rules_of(found)
    }:
        reason = f"the assignment has no member {scope.reference_id[:80]!r}"
        raise InvalidInput.of("reference_id", reason)
    return found


def _resource(scope: Scope, place: Workspace) -> Resource | None:
    if scope.resource is None:
        return None
    if scope.asset:
        raise InvalidInput.of("asset", "give a resource or an asset, not both")
    resources = Resource.objects.filter(workspace=place, retired_at__isnull=True)
    found = resources.filter(uuid=scope.resource).first()
    if found is None:
        reason = f"{place.slug} has no resource {scope.resource}"
        raise InvalidInput.of("resource", reason)
    return found


def _asset(scope: Scope) -> str:
    kind, slash, name = scope.asset.partition("/")
    if scope.asset and (not slash or kind not in KINDS or not 0 < len(name) <= 200):
        raise InvalidInput.of("asset", f"must be kind/name, with a kind of {', '.join(KINDS)}")
    return scope.asset


def _publish(
    event: type[ExemptionRequested | ExemptionGranted | ExemptionEnded],
    exemption: Exemption,
    *,
    actor: Actor,
    reason: str,
) -> None:
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
            reference_id=exemption.reference_id,
            resource=str(resource.uuid) if resource else None,
            asset=exemption.asset,
            category=exemption.category,
            requested_by=str(exemption.requested_by.uuid),
            expires_at=exemption.expires_at.isoformat(),
        ),
        actor=actor,
        roles=access.roles(actor, exemption.workspace_id),
    )
