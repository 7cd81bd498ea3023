"""Lock what a change is about, and look again whether it still stands."""

from __future__ import annotations

from core.statements import Parameter, Statement
from registry.models import Asset, AssetVersion, Tombstone, Workspace
from registry.queries.versions import require_standing, require_standing_asset

LOCKED_ASSET = Statement(
    lambda: Asset.objects.select_for_update(no_key=True).filter(pk=Parameter("asset"))
)
LOCKED_VERSION = Statement(
    lambda: (
        AssetVersion.objects.select_for_update(no_key=True)
        .filter(pk=Parameter("version"))
        .values_list("pk", flat=True)
    )
)
LOCKED_WORKSPACE = Statement(
    lambda: Workspace.objects.select_for_update(no_key=True).filter(pk=Parameter("workspace"))
)
TOMBSTONE = Statement(lambda: Tombstone.objects.filter(version=Parameter("version")))


def lock_asset(asset: Asset) -> Asset:
    """Return the row of ``asset`` as it is now, locked against other changes of it.

    Raises Gone for one that somebody deleted since it was looked up.
    """
    row = LOCKED_ASSET.one(asset=asset.pk)
    asset.deleted_at = row.deleted_at
    require_standing_asset(asset)
    return row


def lock_version(version: AssetVersion) -> None:
    """Lock ``version`` against changes beside it, and against its deletion.

    Raises Gone for one that somebody deleted since it was looked up.
    """
    LOCKED_VERSION.one(version=version.pk)
    still_stands(version)


def still_stands(version: AssetVersion) -> None:
    """Raise Gone if ``version`` was deleted; for whoever holds a lock that deleting waits for, or
    has written a row that points at the version, in this transaction."""
    tombstone = TOMBSTONE.first(version=version.pk)
    if tombstone is not None:
        version.tombstone = tombstone
        require_standing(version)
