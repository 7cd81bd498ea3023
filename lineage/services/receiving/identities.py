"""Datasets' identities: one row per name, whoever speaks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.models import Dataset
from lineage.services.receiving.writing import among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lineage.services.receiving.names import Names
    from lineage.services.receiving.ours import Ours


def ensure(names: Names, ours: Ours) -> dict[str, Dataset]:
    """Return the row of each name by its key; makes those that are missing.

    They are made in the order of their keys: whoever waits for another's new row holds none that
    the other waits for.
    """
    rows = _rows(names.all)
    missing = [key for key in sorted(names.all) if key not in rows]
    if missing:
        Dataset.objects.bulk_create(
            (
                Dataset.called(
                    *names.all[key],
                    asset_id=ours.assets[key][0] if key in ours.assets else None,
                )
                for key in missing
            ),
            ignore_conflicts=True,
        )
        rows |= _rows(missing)
    for key in sorted(ours.assets):
        if rows[key].asset_id is None:  # the name was used before the asset came to be
            asset = ours.assets[key][0]
            Dataset.objects.filter(pk=rows[key].pk, asset__isnull=True).update(asset=asset)
    return rows


def _rows(keys: Iterable[str]) -> dict[str, Dataset]:
    rows = among(Dataset.objects.only("pk", "key", "asset_id"), "key", list(keys))
    return {row.key: row for row in rows}
