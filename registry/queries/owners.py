"""Who answers for assets now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from registry.models import Asset, AssetOwner

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Owner:
    """An account or a group; ``is_default`` where nobody was named, so that the creator is it."""

    username: str | None
    group: str | None
    since: datetime
    is_default: bool


def owners_of(asset: Asset) -> list[Owner]:
    """Return the owners of an asset whose creator is loaded, in at most two queries."""
    held = AssetOwner.objects.filter(asset=asset, valid_to__isnull=True)
    found = [
        Owner(
            username=row.user.username if row.user else None,
            group=row.group.name if row.group else None,
            since=row.valid_from,
            is_default=False,
        )
        for row in held.select_related("user", "group").order_by("id")
    ]
    return found or [Owner(asset.created_by.username, None, asset.created_at, is_default=True)]


def owns(asset_id: int, *, at: datetime) -> Q:
    """Return the condition that an account owned the asset ``at`` that time: itself, by a group
    that it is in now, or as the creator while nobody was named."""
    held = AssetOwner.objects.as_of(at).filter(asset=asset_id)
    named = AssetOwner.objects.as_of(at).filter(asset=OuterRef("pk"))
    orphans = Asset.objects.filter(~Exists(named), pk=asset_id, created_by=OuterRef("pk"))
    # The inner OuterRef means the asset, the outer one the account.
    return (
        Q(Exists(held.filter(user=OuterRef("pk"))))
        | Q(Exists(held.filter(group__user=OuterRef("pk"))))
        | Q(Exists(orphans))
    )
