"""The jobs that events name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lineage.models import Job
from lineage.received import facets, runs, things
from lineage.received.names import namespace_key
from lineage.services.receiving.writing import among, insert_new, update_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lineage.received.event import Event, Named
    from registry.models import Workspace


class Jobs:
    """Jobs of a workspace, by their keys, read at once and written at once."""

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self._workspace = workspace
        self._now = now
        self.rows: dict[str, Job] = {}

    def fold(self, events: Sequence[Event]) -> None:
        """Read the jobs that ``events`` name, and let them know the events."""
        named = {event.job.key: event.job for event in events if event.job}
        known = Job.objects.filter(workspace=self._workspace)
        self.rows = {row.key: row for row in among(known, "key", named)}
        for key in sorted(named.keys() - self.rows.keys()):
            self.rows[key] = self._new(named[key])
        for event in events:
            if event.job:
                things.fold_job(self.rows[event.job.key].state, event)

    def _new(self, job: Named) -> Job:
        return Job(
            workspace_id=self._workspace.pk,
            key=job.key,
            namespace=job.namespace,
            name=job.name,
            namespace_key=namespace_key(job.namespace),
            state={},
            recorded_at=self._now,
        )

    def write(self) -> None:
        """Write what is new and what changed."""
        for row in self.rows.values():
            row.type = runs.job_type(facets.current(row.state))
            row.event_time = things.event_time(row.state)
            row.updated_at = self._now
        known = [row for row in self.rows.values() if row.pk]
        insert_new([row for row in self.rows.values() if not row.pk])
        update_all(known, "type", "state", "event_time", "updated_at")
