"""What all events of a run together say, in whatever order they came.

A run's *state* is JSON, and the fold of its events: ``fold`` is commutative, associative and
idempotent, because of everything it keeps the latest telling by (eventTime, digest).

    facets    the run's facets (see ``facets``)
    job       {at, by, namespace, name}: of which job the run is
    how       the facets of the job, as this run told them, that say how to read the run
    first     {eventType: time of the first such event}
    last      {eventType: [time, digest] of the last such event}
    inputs    {dataset key: {namespace, name, at, by, facets, own}}; ``at`` and ``by`` are those of
    outputs   the last event that named the dataset, ``own`` its input or output facets, ``facets``
              those of its own facets that this run decides: version, columnLineage, lineage and,
              of outputs, schema and lifecycleStateChange
    content   [time, digest] of the last event that named any dataset
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lineage.received import facets
from lineage.received.marks import instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lineage.received.event import Event, Named
    from lineage.received.marks import Mark

TERMINAL = {"COMPLETE": "COMPLETED", "FAIL": "FAILED", "ABORT": "ABORTED"}
HOW = ("jobType", "lineage")
OF_INPUTS = ("version",)
OF_OUTPUTS = ("version", "columnLineage", "lineage", "schema", "lifecycleStateChange")
TYPES = {"BATCH": "BATCH", "STREAM": "STREAM", "STREAMING": "STREAM", "SERVICE": "SERVICE"}


@dataclass(frozen=True, slots=True)
class Summary:
    """What is asked of a run most often, as it follows from the state."""

    status: str
    started_at: datetime | None
    ended_at: datetime | None
    nominal_start: datetime | None
    nominal_end: datetime | None
    parent_run_id: UUID | None
    event_time: datetime


def fold(state: dict[str, Any], event: Event) -> None:
    """Let the state of a run know one of its events."""
    mark = event.mark
    at, by = mark
    facets.merge(state, event.run_facets, mark)
    if event.job is not None:
        told = {"at": at, "by": by, "namespace": event.job.namespace, "name": event.job.name}
        if _is_later(mark, state.get("job")):
            state["job"] = told
        how = {name: event.job.facets[name] for name in HOW if name in event.job.facets}
        facets.merge(state, how, mark, key="how")
    first, last = state.setdefault("first", {}), state.setdefault("last", {})
    first[event.type] = min(first.get(event.type, at), at)
    last[event.type] = max(last.get(event.type, ["", ""]), [at, by])
    _fold_datasets(state, "inputs", event.inputs, mark, kept=OF_INPUTS)
    _fold_datasets(state, "outputs", event.outputs, mark, kept=OF_OUTPUTS)
    if event.inputs or event.outputs:
        state["content"] = max(state.get("content", ["", ""]), [at, by])


def _fold_datasets(
    state: dict[str, Any], side: str, named: Sequence[Named], mark: Mark, *, kept: Sequence[str]
) -> None:
    known: dict[str, Any] = state.setdefault(side, {})
    for item in named:
        row = known.get(item.key)
        if row is None:
            row = known[item.key] = {"namespace": item.namespace, "name": item.name}
        if _is_later(mark, row):
            row["at"], row["by"] = mark
        facets.merge(row, {name: item.facets[name] for name in kept if name in item.facets}, mark)
        facets.merge(row, item.own, mark, key="own")


def _is_later(mark: Mark, told: Mapping[str, Any] | None) -> bool:
    return told is None or "at" not in told or (told["at"], told["by"]) < mark


def summary(state: Mapping[str, Any]) -> Summary:
    """Return what follows from a state that knows at least one event."""
    status, ended = _status(state)
    nominal = facets.facet(state, "nominalTime")
    parent = facets.facet(state, "parent").get("run")
    started = state["first"].get("START") or state["first"].get("RUNNING")
    return Summary(
        status=status,
        started_at=instant(started) if started else None,
        ended_at=instant(ended) if ended else None,
        nominal_start=_time(nominal.get("nominalStartTime")),
        nominal_end=_time(nominal.get("nominalEndTime")),
        parent_run_id=_uuid(parent.get("runId")) if isinstance(parent, dict) else None,
        event_time=instant(max(at for at, _ in state["last"].values())),
    )


def _status(state: Mapping[str, Any]) -> tuple[str, str]:
    """Return the status, and when it became that if the run is over.

    The end of a batch is the end, whatever comes later. A stream or a service has no end of its
    own: it runs again if it says so after it had stopped.
    """
    last = state["last"]
    ends = [(last[kind], kind) for kind in TERMINAL if kind in last]
    begins = [last[kind] for kind in ("START", "RUNNING") if kind in last]
    if not ends:
        return ("RUNNING" if begins else "NEW"), ""
    end, kind = max(ends)
    if job_type(facets.current(state, key="how")) != "BATCH" and begins and max(begins) > end:
        return "RUNNING", ""
    return TERMINAL[kind], end[0]


def job_type(told: Mapping[str, Any]) -> str:
    """Return BATCH, STREAM or SERVICE, by the facets of a job."""
    kind = told.get("jobType")
    processing = kind.get("processingType") if isinstance(kind, dict) else None
    return TYPES.get(processing.upper(), "BATCH") if isinstance(processing, str) else "BATCH"


def inputs(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs that stand, by the key of the dataset."""
    return _standing(state, "inputs")


def outputs(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs that stand, by the key of the dataset."""
    return _standing(state, "outputs")


def _standing(state: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Return all that was ever named; of a run whose events are snapshots, what the last named."""
    known: dict[str, Any] = state.get(side) or {}
    pattern = facets.facet(state, "jobType", key="how").get("emissionPattern")
    mode = pattern.get("eventContentMode") if isinstance(pattern, dict) else None
    if mode != "COMPLETE_SNAPSHOT" or "content" not in state:
        return known
    return {key: row for key, row in known.items() if [row["at"], row["by"]] == state["content"]}


def _time(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
