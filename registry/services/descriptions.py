"""Describe assets and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.journal import publish
from core.texts import check_text, journal_text
from registry import access
from registry.events import AssetDescribed, VersionDescribed
from registry.models import Asset, VersionDetails
from registry.permissions import Permission
from registry.queries.versions import asset_at, asset_reference, full_reference, version_at
from registry.services.locking import lock_asset, lock_version
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor

MAX_DESCRIPTION = 20_000


def describe_asset(*, actor: Actor, asset: str | UUID, description: str, reason: str = "") -> Asset:
    """Give an asset (id or reference) another description; return it. Needs edit_asset.

    Raises InvalidInput, NotFound, Gone or AccessDenied.
    """
    found = asset_at(actor, asset)
    subject = str(asset_reference(found))
    access.require(actor, Permission.EDIT_ASSET, found.workspace, subject=subject)
    check_reason(found.workspace, reason)
    check_text(description, field="description", limit=MAX_DESCRIPTION)
    with transaction.atomic():
        row = lock_asset(found)
        before = row.description
        if before == description:
            return found
        found.description, found.updated_at = description, timezone.now()
        found.save(update_fields=["description", "updated_at"])
        publish(
            AssetDescribed(
                subject=subject,
                workspace=found.workspace.uuid,
                reason=reason,
                before=journal_text(before),
                after=journal_text(description),
                asset=str(found.uuid),
            ),
            actor=actor,
            roles=access.roles(actor, found.workspace_id),
        )
    return found


def describe_version(
    *, actor: Actor, version: str | UUID, description: str, reason: str = ""
) -> VersionDetails:
    """Give a version (id or reference) another description; as ``describe_asset``."""
    found = version_at(actor, version)
    place = found.asset.workspace
    access.require(actor, Permission.EDIT_ASSET, place, subject=full_reference(found))
    check_reason(place, reason)
    check_text(description, field="description", limit=MAX_DESCRIPTION)
    with transaction.atomic():
        lock_version(found)
        details = VersionDetails.objects.filter(version=found).first()
        before = details.description if details else ""
        details = details or VersionDetails(version=found)
        if before == description:
            return details
        details.description, details.updated_at = description, timezone.now()
        details.save()
        publish(
            VersionDescribed(
                subject=full_reference(found),
                workspace=place.uuid,
                digest=found.digest,
                reason=reason,
                before=journal_text(before),
                after=journal_text(description),
                version=str(found.uuid),
            ),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
    return details
