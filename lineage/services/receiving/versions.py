"""Datasets as runs left them, or as DatasetEvents described them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from lineage.models import DatasetVersion
from lineage.received import facets
from lineage.received.marks import instant
from lineage.services.receiving.writing import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from lineage.received.event import Event
    from lineage.services.receiving.observations import Observations
    from lineage.services.receiving.runs import Runs
    from registry.models import Workspace

SPACE = UUID("5b1f4f0e-4a55-4d6f-9c0b-6d756e696d65")
WRITES = ("COMPLETE", "RUNNING")  # a run that only started has left nothing yet


COLUMNS = (
    "uuid",
    "observation_id",
    "run_id",
    "external_version",
    "body",
    "event_time",
    "recorded_at",
)
GROW = (
    "ON CONFLICT (uuid) DO UPDATE SET external_version = EXCLUDED.external_version, "
    "body = EXCLUDED.body, event_time = EXCLUDED.event_time"
)
Row = tuple[UUID, int, int | None, str, dict[str, Any], "datetime"]


def write(
    workspace: Workspace,
    runs: Runs,
    observations: Observations,
    events: Sequence[Event],
    *,
    now: datetime,
) -> None:
    """Write what the runs of the batch left so far, and what its DatasetEvents described."""
    told = (
        *_of_runs(workspace, runs, observations),
        *_of_events(workspace, events, observations),
    )
    rows = {row[0]: (*row, now) for row in told}
    insert_rows(DatasetVersion, COLUMNS, list(rows.values()), on_conflict=GROW)


def _of_runs(workspace: Workspace, runs: Runs, observations: Observations) -> Iterator[Row]:
    for run in runs.rows.values():
        if not any(kind in run.state["last"] for kind in WRITES):
            continue
        for key, told in run.state["outputs"].items():
            observation = observations.rows.get(key)
            if observation is not None:  # else nothing new was told of it
                identity = uuid5(SPACE, f"{workspace.uuid} {key} {run.run_id}")
                described = _described(facets.current(told))
                yield identity, observation.pk, run.pk, *described, instant(told["at"])


def _of_events(
    workspace: Workspace, events: Sequence[Event], observations: Observations
) -> Iterator[Row]:
    for event in events:
        observation = observations.rows.get(event.outputs[0].key) if event.outputs else None
        if event.kind == "DATASET" and observation is not None:
            identity = uuid5(SPACE, f"{workspace.uuid} {event.outputs[0].key} {event.digest}")
            described = _described(event.outputs[0].facets)
            yield identity, observation.pk, None, *described, event.time


def _described(told: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return external version and body: the fields, and the last change of state."""
    version = _member(told, "version", "datasetVersion")
    fields = _member(told, "schema", "fields")
    change = _member(told, "lifecycleStateChange", "lifecycleStateChange")
    body = {
        "fields": fields if isinstance(fields, list) else [],
        "lifecycle": change if isinstance(change, str) else None,
    }
    return version if isinstance(version, str) else "", body


def _member(told: Mapping[str, Any], facet: str, name: str) -> Any:
    body = told.get(facet)
    return body.get(name) if isinstance(body, dict) else None
