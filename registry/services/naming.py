"""Rename assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Conflict
from core.journal import publish
from core.references import check_name
from registry import access
from registry.events import AssetRenamed
from registry.models import Asset, AssetFormerName
from registry.permissions import Permission
from registry.queries.names import name_is_taken
from registry.queries.versions import asset_at, asset_reference
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor


def rename(*, actor: Actor, asset: str | UUID, name: str, reason: str = "") -> Asset:
    """Give an asset (id or reference) another name; return it. Needs delete_version.

    The former name stays reserved for this asset, and still finds it; going back to it is allowed.
    Raises InvalidInput, NotFound, Gone, AccessDenied, or Conflict for a name that another asset of
    the kind bears or bore (models and prompts share their names).
    """
    found = asset_at(actor, asset)
    place, subject = found.workspace, str(asset_reference(found))
    access.require(actor, Permission.DELETE_VERSION, place, subject=subject)
    check_reason(place, reason)
    check_name(name, field="name")
    with transaction.atomic():
        former = Asset.objects.select_for_update().get(pk=found.pk).name
        if former == name:
            raise Conflict(f"It is called {name!r} already.")
        found.name = name
        _write(found, former=former)
        publish(
            AssetRenamed(
                subject=str(asset_reference(found)),
                workspace=place.uuid,
                reason=reason,
                before={"name": former},
                after={"name": name},
                asset=str(found.uuid),
            ),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
    return found


def _write(asset: Asset, *, former: str) -> None:
    """Write the new name, then look whether it was another's: so that a renaming that commits at
    the same moment cannot be missed."""
    taken = Conflict(f"{asset.name!r} is taken in {asset.workspace.slug}, now or by a former name.")
    asset.updated_at = timezone.now()
    try:
        with transaction.atomic():
            asset.save(update_fields=["name", "updated_at"])
            AssetFormerName.objects.get_or_create(
                workspace_id=asset.workspace_id,
                kind=asset.kind,
                name=former,
                defaults={"asset": asset},
            )
    except IntegrityError:
        raise taken from None
    if name_is_taken(asset.workspace_id, asset.kind, asset.name, by_other_than=asset):
        raise taken
