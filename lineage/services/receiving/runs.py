"""The runs that events name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from lineage.models import Run
from lineage.received import runs
from lineage.received.names import name_key
from lineage.services.receiving.writing import among, insert_new, update_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lineage.models import Job
    from lineage.received.event import Event
    from registry.models import Workspace


class Runs:
    """Runs of a workspace, by their ids, read at once and written at once."""

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self._workspace = workspace
        self._now = now
        self.rows: dict[str, Run] = {}
        self.jobs: dict[str, str] = {}

    def fold(self, events: Sequence[Event]) -> None:
        """Read the runs of ``events``, and let them know the events."""
        named = {event.run_id for event in events if event.run_id}
        known = Run.objects.filter(workspace=self._workspace)
        ids = [UUID(text) for text in sorted(named)]
        self.rows = {str(row.run_id): row for row in among(known, "run_id", ids)}
        for text in sorted(named - self.rows.keys()):
            self.rows[text] = Run(
                workspace_id=self._workspace.pk, run_id=UUID(text), state={}, recorded_at=self._now
            )
        for event in events:
            if event.run_id:
                runs.fold(self.rows[event.run_id].state, event)

    def write(self, jobs: Mapping[str, Job]) -> None:
        """Write what is new and what changed; ``jobs`` are those of the same events."""
        for row in self.rows.values():
            told = row.state["job"]
            job = jobs.get(name_key(told["namespace"], told["name"]))
            if job is not None:  # else an event that came before says more
                row.job_id = job.pk
            summary = runs.summary(row.state)
            row.status = summary.status
            row.started_at, row.ended_at = summary.started_at, summary.ended_at
            row.nominal_start, row.nominal_end = summary.nominal_start, summary.nominal_end
            row.parent_run_id = summary.parent_run_id
            row.event_time = summary.event_time
            row.updated_at = self._now
        known = [row for row in self.rows.values() if row.pk]
        insert_new([row for row in self.rows.values() if not row.pk])
        update_all(
            known,
            "job_id",
            "status",
            "state",
            "started_at",
            "ended_at",
            "nominal_start",
            "nominal_end",
            "parent_run_id",
            "event_time",
            "updated_at",
        )
