"""A run of an experiment: what it was given, what it read, made and measured."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from openlineage.client.event_v2 import InputDataset, RunState
from openlineage.client.facet_v2 import execution_parameters_run

from lineage.mapping.datasets import Place, Version
from lineage.mapping.events import make_event, make_job
from lineage.mapping.facets import EvaluatedMetric, MunimentExperimentRunFacet
from lineage.mapping.naming import PRODUCER, job_namespace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openlineage.client.event_v2 import Job
    from openlineage.client.facet_v2 import RunFacet

    from lineage.mapping.record import Mapped, Record

# A run that goes on after all is running again, whatever it ended as.
STATES = {
    "finished": RunState.COMPLETE,
    "failed": RunState.FAIL,
    "killed": RunState.ABORT,
    "running": RunState.RUNNING,
    "scheduled": RunState.OTHER,
}


def map_run_start(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the START of a run, at the time that its client says it began."""
    data = record.data
    at = datetime.fromisoformat(data["started_at"]) if data.get("started_at") else None
    start = make_event(
        at or record.occurred_at,
        RunState.START,
        run=data["run"],
        job=_job(record),
        facets=_facets(record, base_url),
    )
    return (start,)


def map_run_end(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return COMPLETE, FAIL or ABORT with all that the run had, or RUNNING where it goes on."""
    data, place = record.data, Place(record.instance, base_url)
    status = str(record.body["after"]["status"])
    at = datetime.fromisoformat(data["ended_at"]) if data.get("ended_at") else None
    made = [Version.of(point, instance=record.instance) for point in data.get("outputs", ())]
    read = _read(record)
    metrics = [metric for each in data.get("metrics", ()) if (metric := _metric(each))]
    event = make_event(
        at or record.occurred_at,
        STATES[status],
        run=data["run"],
        job=_job(record),
        facets=_facets(record, base_url, status=status, metrics=metrics) | _parameters(data),
        inputs=[
            *(place.as_input(version) for version in read),
            *_foreign(record, workspace=record.workspace),
        ],
        outputs=[place.as_output(version, metrics=metrics) for version in made],
        versions=[version.uuid for version in (*read, *made)],
    )
    return (event,)


def _job(record: Record) -> Job:
    # Entries of earlier releases do not name the experiment: its id does.
    data = record.data
    name = data.get("experiment_name") or data.get("experiment") or str(UUID(data["run"]))
    return make_job(record.workspace, "experiment", name, job_type="EXPERIMENT")


def _facets(
    record: Record,
    base_url: str,
    *,
    status: str = "running",
    metrics: Sequence[EvaluatedMetric] = (),
) -> dict[str, RunFacet]:
    data = record.data
    facet = MunimentExperimentRunFacet(
        experiment=data.get("experiment") or None,
        experimentName=data.get("experiment_name") or None,
        name=data.get("name") or None,
        status=status,
        metrics=list(metrics) or None,
        truncated=True if data.get("is_truncated") else None,
        producer=PRODUCER,
    )
    return {"muniment_experiment": facet.published_at(base_url)}


def _parameters(data: Mapping[str, Any]) -> dict[str, RunFacet]:
    """Return the parameters; of a long one the journal has no value but a digest."""
    told = [
        execution_parameters_run.ExecutionParameter(
            key=each["key"],
            name=each["key"],
            value=each["value"] if "value" in each else each["digest"],
        )
        for each in data.get("params", ())
    ]
    if not told:
        return {}
    facet = execution_parameters_run.ExecutionParametersRunFacet(parameters=told, producer=PRODUCER)
    return {"executionParameters": facet}


def _metric(told: Mapping[str, str]) -> EvaluatedMetric | None:
    """Return a metric; JSON has no number for what is none or infinite."""
    value = float(told["value"])
    return EvaluatedMetric(name=told["key"], value=value) if math.isfinite(value) else None


def _read(record: Record) -> list[Version]:
    points = [each for each in record.data.get("inputs", ()) if "version" in each]
    return list(dict.fromkeys(Version.of(point, instance=record.instance) for point in points))


def _foreign(record: Record, *, workspace: str) -> list[InputDataset]:
    """Return what a run read that is no version here, by the name that its client gave."""
    names = [each["name"] for each in record.data.get("inputs", ()) if "version" not in each]
    return [
        InputDataset(f"{job_namespace(workspace)}.elsewhere", name, facets={})
        for name in dict.fromkeys(names)
        if name
    ]
