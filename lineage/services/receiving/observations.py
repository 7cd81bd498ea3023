"""What a workspace is told of datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from lineage.models import WorkspaceDataset
from lineage.received import things
from lineage.services.receiving.writing import among, insert_new, update_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lineage.models import Dataset
    from lineage.received.event import Event
    from lineage.services.receiving.names import Names
    from lineage.services.receiving.ours import Ours
    from registry.models import Workspace


class Observations:
    """Datasets as a workspace knows them, by their keys, read at once and written at once."""

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self._workspace = workspace
        self._now = now
        self.rows: dict[str, WorkspaceDataset] = {}

    def fold(self, events: Sequence[Event]) -> None:
        """Read what is known of the datasets of ``events``, and add what these say."""
        named = {item.key for event in events for item in event.datasets}
        known = WorkspaceDataset.objects.filter(workspace=self._workspace)
        found = known.annotate(key=F("dataset__key"))
        self.rows = {row.key: row for row in among(found, "dataset__key", named)}
        for key in sorted(named - self.rows.keys()):
            self.rows[key] = WorkspaceDataset(
                workspace_id=self._workspace.pk, state={}, recorded_at=self._now
            )
        for event in events:
            for item in event.datasets:
                things.fold_dataset(self.rows[item.key].state, item, event)

    def write(
        self, names: Names, datasets: Mapping[str, Dataset], ours: Ours, *, is_own: bool
    ) -> None:
        """Write what is new and what changed.

        Of our own events only what they say of the workspace's own assets: the rest stands where
        those assets are, for whoever may see it there.
        """
        if is_own:
            here = {key for key, asset in ours.assets.items() if asset[1] == self._workspace.pk}
            self.rows = {key: row for key, row in self.rows.items() if key in here}
        for key, row in self.rows.items():
            row.dataset_id = datasets[key].pk
            row.event_time = things.event_time(row.state)
            row.deleted_at = things.deleted_at(row.state)
            row.updated_at = self._now
        known = [row for row in self.rows.values() if row.pk]
        insert_new([row for row in self.rows.values() if not row.pk])
        update_all(known, "state", "event_time", "deleted_at", "updated_at")
        self._write_mentions(sorted(names.named_by_edges), datasets)

    def _write_mentions(self, keys: Sequence[str], datasets: Mapping[str, Dataset]) -> None:
        """Let the workspace know datasets of which it was told no more than the name."""
        WorkspaceDataset.objects.bulk_create(
            (
                WorkspaceDataset(
                    workspace=self._workspace,
                    dataset=datasets[key],
                    state={},
                    event_time=self._now,
                    recorded_at=self._now,
                )
                for key in keys
            ),
            ignore_conflicts=True,
        )
