"""Say who answers for an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, NotFound
from core.facts import end
from core.journal import publish
from registry import access
from registry.events import OwnerEnded, OwnerSet
from registry.models import Asset, AssetOwner
from registry.permissions import Permission
from registry.queries.people import visible_group, visible_user
from registry.queries.versions import asset_by_reference, asset_reference

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

MAX_OWNERS = 50


def add(
    *, actor: Actor, asset: str, username: str = "", group: str = "", reason: str = ""
) -> AssetOwner:
    """Make an account or a group an owner of the asset from now on; needs edit_asset.

    Raises InvalidInput for a principal that may not see the workspace, as for one that does not
    exist; Conflict for one that owns the asset already, or for more than 50 owners.
    """
    found = asset_by_reference(actor, asset, field="asset")
    access.require(
        actor, Permission.EDIT_ASSET, found.workspace, subject=str(asset_reference(found))
    )
    principal = _principal(found, username=username, group=group)
    with transaction.atomic():
        Asset.objects.select_for_update(no_key=True).get(pk=found.pk)
        held = AssetOwner.objects.filter(asset=found, valid_to__isnull=True)
        if held.filter(**principal).exists():
            raise Conflict("It is an owner of the asset already.")
        if held.count() >= MAX_OWNERS:
            raise Conflict(f"An asset has at most {MAX_OWNERS} owners; end another one first.")
        owner = AssetOwner.objects.create(asset=found, set_by=actor.user, **principal)
        publish(
            OwnerSet(**_fields(owner, reason=reason)),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    return owner


def remove(*, actor: Actor, owner: UUID, reason: str = "") -> AssetOwner:
    """End an ownership; needs edit_asset. One that has ended is a Conflict."""
    rows = AssetOwner.objects.filter(uuid=owner)
    held = rows.select_related("asset__workspace", "user", "group").first()
    if held is None:
        raise NotFound
    workspace, reference = held.asset.workspace, str(asset_reference(held.asset))
    access.require(actor, Permission.EDIT_ASSET, workspace, subject=reference)
    with transaction.atomic():
        Asset.objects.select_for_update(no_key=True).get(pk=held.asset_id)
        if not end(rows, at=timezone.now()):
            raise Conflict("The ownership has ended already.")
        publish(
            OwnerEnded(**_fields(held, reason=reason)),
            actor=actor,
            roles=access.roles(actor, workspace.pk),
        )
    held.refresh_from_db()
    return held


def _principal(asset: Asset, *, username: str, group: str) -> dict[str, Any]:
    if group and not username:
        return {"group": visible_group(group, asset.workspace_id), "user": None}
    return {"user": visible_user(username, asset.workspace_id, field="username"), "group": None}


def _fields(owner: AssetOwner, *, reason: str) -> dict[str, Any]:
    asset = owner.asset
    principal = str(owner.user.uuid) if owner.user else owner.group.name if owner.group else ""
    return {
        "subject": str(asset_reference(asset)),
        "workspace": asset.workspace.uuid,
        "reason": reason,
        "asset": str(asset.uuid),
        "principal_kind": "user" if owner.user else "group",
        "principal": principal,
    }
