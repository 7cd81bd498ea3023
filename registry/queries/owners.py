"""Who answers for assets now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from registry.models import Asset, AssetOwner

if TYPE_CHECKING:
    from collections.abc import Sequence
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


def owns_any(asset_ids: Sequence[int]) -> Q:
    """Return the condition that an account owns one of the assets, itself, by a group, or as the
    creator of one for which nobody was named."""
    held = AssetOwner.objects.filter(asset__in=asset_ids, valid_to__isnull=True)
    named = AssetOwner.objects.filter(asset=OuterRef("pk"), valid_to__isnull=True)
    orphans = Asset.objects.filter(~Exists(named), pk__in=asset_ids, created_by=OuterRef("pk"))
    # The inner OuterRef means the asset, the outer one the account.
    return (
        Q(Exists(held.filter(user=OuterRef("pk"))))
        | Q(Exists(held.filter(group__user=OuterRef("pk"))))
        | Q(Exists(orphans))
    )
