"""Create assets before their first version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.references import check_name
from core.statements import insert_all
from core.texts import check_text, journal_text
from registry import access
from registry.events import AssetCreated
from registry.kinds import KINDS
from registry.models import AssetTag
from registry.models.tag import HEAD
from registry.permissions import Permission
from registry.queries.versions import asset_reference
from registry.services.beside import checked_tags, journal_tags
from registry.services.descriptions import MAX_DESCRIPTION
from registry.services.reasons import check_reason
from registry.services.version_rows import ensure_asset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.actors import Actor
    from registry.models import Asset


def create(
    *,
    actor: Actor,
    workspace: str,
    kind: str,
    name: str,
    description: str = "",
    tags: Mapping[str, str] | None = None,
    reason: str = "",
) -> Asset:
    """Create an asset without a version, or let a deleted one of that name stand again.

    Needs create_version. Raises InvalidInput, AccessDenied, or Conflict for a name that an asset
    bears or bore.
    """
    if kind not in KINDS:
        raise InvalidInput.of("kind", f"must be one of {', '.join(KINDS)}")
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.CREATE_VERSION, field="workspace"
    )
    check_name(name, field="name")
    check_text(description, field="description", limit=MAX_DESCRIPTION)
    check_reason(place, reason)
    given = checked_tags(tags or {})
    with transaction.atomic():
        asset, is_new = ensure_asset(place, kind, name, actor=actor, description=description)
        if not is_new:
            raise Conflict(f"{asset_reference(asset)} exists already.")
        insert_all(
            AssetTag(asset=asset, key=key, value=value, value_head=value[:HEAD])
            for key, value in given.items()
        )
        created = AssetCreated(
            subject=str(asset_reference(asset)),
            workspace=place.uuid,
            reason=reason,
            after={"description": journal_text(description)},
            asset=str(asset.uuid),
            kind=kind,
            name=asset.name,
            tags=journal_tags(given),
        )
        publish(created, actor=actor, roles=access.roles(actor, place.pk))
    return asset
