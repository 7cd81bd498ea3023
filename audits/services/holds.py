"""Place holds on what must not be let go, and release them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audits.events import HoldPlaced, HoldReleased
from audits.models import Hold
from audits.queries import scope as seen
from audits.queries.holds import hold_by_uuid, workspace_of
from core import locks
from core.errors import AccessDenied, Conflict, Denial, InvalidInput, NotFound
from core.journal import publish
from core.models import User
from registry import access
from registry.permissions import Permission
from registry.queries.issuers import acts_for
from registry.queries.versions import asset_by_reference, resolve

if TYPE_CHECKING:
    from core.actors import Actor
    from registry.models import Workspace

# Whoever lets something go holds this, too: a hold is in force before or after, never between.
LOCK = "audits.retention"
MAX_REASON = 2_000


def place(*, actor: Actor, scope: str, reason: str, target: str = "") -> Hold:
    """Place a hold and return it; ``target`` names what, by the ``scope``: nothing
    (organisation), a slug, the reference of an asset or version, or the id of a scan, a report or
    an account (or its name).

    Needs view_trail in the workspace, and for the organisation, an account, a scan or report of
    several workspaces an administrator of the organisation. Raises InvalidInput, AccessDenied.
    """
    reason = check_reason(reason)
    if actor.user is None:
        raise InvalidInput("A hold is placed by a person.")
    named, place_of = _target(actor, scope, target.strip())
    _require(actor, place_of, subject=f"hold on {scope}")
    with transaction.atomic():
        locks.hold(LOCK)
        hold = Hold.objects.create(scope=scope, reason=reason, placed_by=actor.user, **named)
        publish(
            HoldPlaced(
                subject=f"hold/{hold.uuid}",
                workspace=place_of.uuid if place_of else None,
                reason=reason,
                hold=str(hold.uuid),
                scope=scope,
            ),
            actor=actor,
            roles=access.roles(actor, place_of.pk) if place_of else (),
        )
    return hold_by_uuid(actor, hold.uuid)


def release(*, actor: Actor, hold: UUID, reason: str) -> Hold:
    """Release a hold; never who placed it. Needs the right that placing it needs.

    Raises NotFound, InvalidInput, AccessDenied, and Conflict for one that is released.
    """
    reason = check_reason(reason)
    found = hold_by_uuid(actor, hold)
    place_of = workspace_of(found)
    _require(actor, place_of, subject=f"hold/{hold}")
    if actor.user is None or acts_for(actor, found.placed_by):
        raise AccessDenied(
            "Somebody else than who placed a hold releases it.",
            denial=Denial("release_hold", f"hold/{hold}", place_of.uuid if place_of else None),
        )
    with transaction.atomic():
        locks.hold(LOCK)
        released = Hold.objects.filter(pk=found.pk, released_at=None).update(
            released_at=timezone.now(), released_by=actor.user, release_reason=reason
        )
        if not released:
            raise Conflict("The hold has been released already.")
        publish(
            HoldReleased(
                subject=f"hold/{found.uuid}",
                workspace=place_of.uuid if place_of else None,
                reason=reason,
                hold=str(found.uuid),
                scope=found.scope,
            ),
            actor=actor,
            roles=access.roles(actor, place_of.pk) if place_of else (),
        )
    return hold_by_uuid(actor, found.uuid)


def check_reason(reason: str) -> str:
    """Return the reason; raises InvalidInput for none, or for one that is too long."""
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise InvalidInput.of("reason", f"must have 1 to {MAX_REASON:,} characters")
    return reason


def _require(actor: Actor, place_of: Workspace | None, *, subject: str) -> None:
    if place_of is None:
        access.require_organisation_admin(actor, subject=subject)
    else:
        access.require(actor, Permission.VIEW_TRAIL, place_of, subject=subject)


def _target(actor: Actor, scope: str, target: str) -> tuple[dict[str, Any], Workspace | None]:
    """Return the columns of a hold, and the workspace that what it names lies in."""
    if scope == Hold.Scope.ORGANISATION:
        if target:
            raise InvalidInput.of("target", "must be left out: the organisation is one")
        return {}, None
    if not target:
        raise InvalidInput.of("target", f"must name the {scope}")
    if scope in {Hold.Scope.SCAN, Hold.Scope.REPORT}:
        return _scan_or_report(actor, scope, target), None
    if scope == Hold.Scope.ACCOUNT:
        access.require_organisation_admin(actor, subject="hold on account")
        return {"account": account_called(target, field="target")}, None
    return _in_workspace(actor, scope, target)


def _in_workspace(actor: Actor, scope: str, target: str) -> tuple[dict[str, Any], Workspace]:
    if scope == Hold.Scope.WORKSPACE:
        place_of = access.workspace_by_slug(actor, target, field="target")
        return {"workspace": place_of}, place_of
    if scope == Hold.Scope.ASSET:
        asset = asset_by_reference(actor, target, field="target")
        return {"asset": asset}, asset.workspace
    if scope == Hold.Scope.VERSION:
        version = resolve(actor, target, field="target")
        return {"version": version}, version.asset.workspace
    raise InvalidInput.of("scope", f"must be one of {', '.join(Hold.Scope.values)}")


def _scan_or_report(actor: Actor, scope: str, target: str) -> dict[str, Any]:
    find = seen.scan_by_uuid if scope == Hold.Scope.SCAN else seen.report_by_uuid
    try:
        return {scope: find(actor, UUID(target))}
    except ValueError:
        raise InvalidInput.of("target", f"must be the id of a {scope}") from None
    except NotFound as error:
        reason = f"there is no {scope} {target[:40]!r}"
        raise InvalidInput.of("target", reason, denial=error.denial) from error


def account_called(text: str, *, field: str) -> User:
    """Return the account of that name or id; raises InvalidInput."""
    try:
        found = User.objects.filter(uuid=UUID(text)).first()
    except ValueError:
        found = User.objects.filter(username=text).first()
    if found is None:
        raise InvalidInput.of(field, f"there is no account {text[:80]!r}")
    return found
