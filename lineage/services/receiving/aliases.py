"""Other names of datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.models import DatasetAlias
from lineage.received.edges import key_of
from lineage.services.receiving.names import symlinks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lineage.models import Dataset
    from lineage.received.event import Event
    from registry.models import Workspace

MAX_KIND = 50


def write(
    workspace: Workspace,
    events: Sequence[Event],
    datasets: Mapping[str, Dataset],
    *,
    now: datetime,
) -> None:
    """Write the names that ``symlinks`` facets give, as far as they are new."""
    told = {
        (key, key_of(other)): kind
        for event in sorted(events, key=lambda event: event.mark, reverse=True)
        for key, other, kind in symlinks(event)
    }
    DatasetAlias.objects.bulk_create(
        (
            DatasetAlias(
                workspace=workspace,
                dataset=datasets[key],
                other=datasets[other],
                kind=kind[:MAX_KIND],
                recorded_at=now,
            )
            for (key, other), kind in sorted(told.items())
            if key != other
        ),
        ignore_conflicts=True,
    )
