"""Ask for a role in a workspace, and decide on it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict, Denial, InvalidInput, NotFound
from core.journal import publish
from core.references import parse
from core.texts import check_text
from registry import access
from registry.events import (
    AccessRequestDeclined,
    AccessRequested,
    AccessRequestGranted,
    AccessRequestWithdrawn,
)
from registry.models import AccessRequest, Asset, Workspace
from registry.permissions import ROLE_NAMES, Permission, Role
from registry.queries.catalogue.discoverable import discoverable_workspaces
from registry.queries.issuers import NOR_SO, acts_for
from registry.queries.versions import find_asset
from registry.services import members

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.events import AccessRequestEvent

MAX_REASON = 4_000
Status = AccessRequest.Status


def ask(
    *,
    actor: Actor,
    workspace: str = "",
    asset: UUID | str | None = None,
    role: str = Role.READER.value,
    reason: str = "",
) -> AccessRequest:
    """Ask for a role in a workspace that ``actor`` may read or discover; ``asset``, the id of
    something there or a reference to it, may name it instead.

    Raises InvalidInput, NotFound for a workspace that hides itself, or Conflict where a request
    of the caller waits or the role is held.
    """
    if actor.user is None:
        raise InvalidInput.of("role", "only an account can ask for a role")
    if role not in ROLE_NAMES:
        raise InvalidInput.of("role", f"must be one of {', '.join(ROLE_NAMES)}")
    check_text(reason, field="reason", limit=MAX_REASON)
    wanted = _wanted(asset) if asset else None
    place = _place(actor, workspace, wanted, names_asset=asset is not None)
    if actor.user.grants.filter(workspace=place, role=role, valid_to__isnull=True).exists():
        raise Conflict(f"You hold the role {role} already.")
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = AccessRequest.objects.create(
                    workspace=place, asset=wanted, requested_by=actor.user, role=role, reason=reason
                )
        except IntegrityError:
            raise Conflict("A request of yours for this workspace waits already.") from None
        _tell(AccessRequested, made, actor=actor, reason=reason)
    return made


def _wanted(asset: UUID | str) -> Asset | None:
    """Return the asset asked for, whoever may see it: ``_place`` looks at the right."""
    try:
        found = Asset.objects.filter(uuid=UUID(str(asset))).first()
    except ValueError:
        found = find_asset(parse(str(asset), instance=settings.INSTANCE, field="asset"))
    return found if found and found.deleted_at is None else None


def _place(actor: Actor, slug: str, asset: Asset | None, *, names_asset: bool) -> Workspace:
    if bool(slug) == names_asset:
        raise InvalidInput.of("workspace", "give either a workspace or an asset")
    lookup = {"slug": slug} if slug else {"pk": asset.workspace_id if asset else None}
    place = Workspace.objects.filter(**lookup).first()
    if place is None:
        raise NotFound
    if access.allows(actor, Permission.VIEW, place.pk):
        return place
    if discoverable_workspaces(actor).filter(pk=place.pk).exists():
        return place
    raise NotFound(denial=Denial(Permission.VIEW.value, place.slug, place.uuid))


def grant(*, actor: Actor, request: UUID, reason: str = "") -> AccessRequest:
    """Grant the role that was asked for; needs manage_members. Nobody grants their own request.

    Raises NotFound, AccessDenied, or Conflict where it is decided or the role is held already.
    """
    with transaction.atomic():
        found = _decidable(actor, request)
        given = members.record_grant(
            actor=actor,
            workspace=found.workspace,
            role=Role(found.role),
            user=found.requested_by,
            reason=reason or found.reason,
        )
        found.grant = given
        _decide(found, Status.GRANTED, actor=actor, reason=reason)
        _tell(AccessRequestGranted, found, actor=actor, reason=reason)
    return found


def decline(*, actor: Actor, request: UUID, reason: str) -> AccessRequest:
    """Decline a request, for a reason; needs manage_members. Raises as ``grant`` does."""
    if not reason.strip():
        raise InvalidInput.of("reason", "is required")
    with transaction.atomic():
        found = _decidable(actor, request)
        _decide(found, Status.DECLINED, actor=actor, reason=reason)
        _tell(AccessRequestDeclined, found, actor=actor, reason=reason)
    return found


def withdraw(*, actor: Actor, request: UUID) -> AccessRequest:
    """Take a request of one's own back; raises NotFound for another's, Conflict if decided."""
    with transaction.atomic():
        found = _locked(request)
        if actor.user is None or found.requested_by_id != actor.user.pk or actor.is_narrowed:
            raise NotFound(denial=_denial(found))
        _require_pending(found)
        _decide(found, Status.WITHDRAWN, actor=actor, reason="")
        _tell(AccessRequestWithdrawn, found, actor=actor, reason="")
    return found


def _locked(request: UUID) -> AccessRequest:
    place = AccessRequest.objects.filter(uuid=request).values_list("workspace_id", flat=True)
    # The order of locks: the workspace before what is in it.
    if not Workspace.objects.select_for_update(no_key=True).filter(pk__in=place):
        raise NotFound
    rows = AccessRequest.objects.select_for_update(of=("self",))
    return rows.select_related("workspace", "asset", "requested_by").get(uuid=request)


def _denial(found: AccessRequest) -> Denial:
    workspace = found.workspace
    return Denial(Permission.MANAGE_MEMBERS.value, workspace.slug, workspace.uuid)


def _decidable(actor: Actor, request: UUID) -> AccessRequest:
    found = _locked(request)
    access.require(actor, Permission.MANAGE_MEMBERS, found.workspace)
    if acts_for(actor, found.requested_by):
        raise Conflict(f"Nobody decides on their own request{NOR_SO}.")
    _require_pending(found)
    return found


def _require_pending(found: AccessRequest) -> None:
    if found.status != Status.PENDING:
        raise Conflict(f"The request was {found.status} already.")


def _decide(found: AccessRequest, status: str, *, actor: Actor, reason: str) -> None:
    check_text(reason, field="reason", limit=MAX_REASON)
    found.status = status
    found.decided_at, found.decided_by = timezone.now(), actor.user
    found.decision_reason = reason
    found.save(update_fields=["status", "decided_at", "decided_by", "decision_reason", "grant"])


def _tell(
    event: type[AccessRequestEvent], request: AccessRequest, *, actor: Actor, reason: str
) -> None:
    workspace = request.workspace
    publish(
        event(
            subject=workspace.slug,
            workspace=workspace.uuid,
            reason=reason,
            request=str(request.uuid),
            requested_by=str(request.requested_by.uuid),
            role=request.role,
            asset=str(request.asset.uuid) if request.asset else None,
        ),
        actor=actor,
        roles=access.roles(actor, workspace.pk),
    )
