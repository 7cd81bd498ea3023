"""Lock what a change is about, and look again whether it still stands."""

from __future__ import annotations

from registry.models import Asset, AssetVersion, Tombstone
from registry.queries.versions import require_standing, require_standing_asset


def lock_asset(asset: Asset) -> Asset:
    """Return the row of ``asset`` as it is now, locked against other changes of it.

    Raises Gone for one that somebody deleted since it was looked up.
    """
    row = Asset.objects.select_for_update(no_key=True).get(pk=asset.pk)
    asset.deleted_at = row.deleted_at
    require_standing_asset(asset)
    return row


def lock_version(version: AssetVersion) -> None:
    """Lock ``version`` against changes beside it, and against its deletion.

    Raises Gone for one that somebody deleted since it was looked up.
    """
    AssetVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    still_stands(version)


def still_stands(version: AssetVersion) -> None:
    """Raise Gone if ``version`` was deleted; for whoever holds a lock that deleting waits for, or
    has written a row that points at the version, in this transaction."""
    tombstone = Tombstone.objects.filter(version=version).first()
    if tombstone is not None:
        version.tombstone = tombstone
        require_standing(version)
