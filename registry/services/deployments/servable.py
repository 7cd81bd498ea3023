"""Hold what shall serve to what may, until the change commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import Conflict
from registry.models import Asset
from registry.queries.deployability import objections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.models import AssetVersion, Workspace


def require_servable(versions: Sequence[AssetVersion], workspace: Workspace) -> None:
    """Return if every version may serve; none is withdrawn or deleted until this commits."""
    assets = {version.asset_id for version in versions}
    list(
        Asset.objects.select_for_update(no_key=True)
        .filter(pk__in=assets)
        .order_by("pk")
        .values_list("pk")
    )
    found = objections(versions, workspace=workspace)
    if found:
        reasons = [
            {"code": each.code, "message": each.message, "subject": each.subject} for each in found
        ]
        raise Conflict(" ".join(each.message for each in found), extra={"reasons": reasons})
