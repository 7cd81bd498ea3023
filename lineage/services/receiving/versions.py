"""Datasets as runs left them, or as DatasetEvents described them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from lineage.models import DatasetVersion
from lineage.received import facets
from lineage.received.marks import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from lineage.received.event import Event
    from lineage.services.receiving.observations import Observations
    from lineage.services.receiving.runs import Runs
    from registry.models import Workspace

SPACE = UUID("5b1f4f0e-4a55-4d6f-9c0b-6d756e696d65")
WRITES = ("COMPLETE", "RUNNING")  # a run that only started has left nothing yet


def write(
    workspace: Workspace,
    runs: Runs,
    observations: Observations,
    events: Sequence[Event],
    *,
    now: datetime,
) -> None:
    """Write what the runs of the batch left so far, and what its DatasetEvents described."""
    rows = {
        row.uuid: row
        for row in (
            *_of_runs(workspace, runs, observations),
            *_of_events(workspace, events, observations),
        )
    }
    for row in rows.values():
        row.recorded_at = now
    DatasetVersion.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["uuid"],
        update_fields=["external_version", "body", "event_time"],
    )


def _of_runs(
    workspace: Workspace, runs: Runs, observations: Observations
) -> Iterator[DatasetVersion]:
    for run in runs.rows.values():
        if not any(kind in run.state["last"] for kind in WRITES):
            continue
        for key, told in run.state["outputs"].items():
            observation = observations.rows.get(key)
            if observation is not None:  # else nothing new was told of it
                yield DatasetVersion(
                    uuid=uuid5(SPACE, f"{workspace.uuid} {key} {run.run_id}"),
                    observation=observation,
                    run=run,
                    event_time=instant(told["at"]),
                    **_described(facets.current(told)),
                )


def _of_events(
    workspace: Workspace, events: Sequence[Event], observations: Observations
) -> Iterator[DatasetVersion]:
    for event in events:
        observation = observations.rows.get(event.outputs[0].key) if event.outputs else None
        if event.kind == "DATASET" and observation is not None:
            key = event.outputs[0].key
            yield DatasetVersion(
                uuid=uuid5(SPACE, f"{workspace.uuid} {key} {event.digest}"),
                observation=observation,
                event_time=event.time,
                **_described(event.outputs[0].facets),
            )


def _described(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that facets fill: ``body`` has the fields and the last change of state."""
    version = _member(told, "version", "datasetVersion")
    fields = _member(told, "schema", "fields")
    change = _member(told, "lifecycleStateChange", "lifecycleStateChange")
    return {
        "external_version": version if isinstance(version, str) else "",
        "body": {
            "fields": fields if isinstance(fields, list) else [],
            "lifecycle": change if isinstance(change, str) else None,
        },
    }


def _member(told: Mapping[str, Any], facet: str, name: str) -> Any:
    body = told.get(facet)
    return body.get(name) if isinstance(body, dict) else None
