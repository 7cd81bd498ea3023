"""An evaluation: one run from the rows that were handed in to the result."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from openlineage.client.event_v2 import RunState

from core.references import parse
from lineage.mapping.datasets import Place, Version
from lineage.mapping.events import failed, make_event, make_job
from lineage.mapping.facets import EvaluatedMetric

if TYPE_CHECKING:
    from openlineage.client.event_v2 import Job

    from lineage.mapping.record import Mapped, Record


def map_evaluation_request(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the START of an evaluation, with what is evaluated and on what."""
    return _told(record, RunState.START, base_url=base_url)


def map_evaluation_failure(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return FAIL, with what was wrong with the rows."""
    return _told(record, RunState.FAIL, base_url=base_url)


def map_evaluation_success(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return COMPLETE with the result, and what was measured in it."""
    return _told(record, RunState.COMPLETE, base_url=base_url)


def _told(record: Record, state: RunState, *, base_url: str) -> tuple[Mapped, ...]:
    data, place = record.data, Place(record.instance, base_url)
    if not data.get("links"):
        return ()  # an entry of an earlier release, which names no version
    links: dict[Version, list[str]] = {}
    for link in data["links"]:
        linked = Version.of(link, instance=record.instance)
        links.setdefault(linked, []).append(link["role"])
    made = _result(record) if state is RunState.COMPLETE else []
    metrics = [
        EvaluatedMetric(
            name=each["name"], value=float(each["value"]), evaluator=each["evaluator"] or None
        )
        for each in data.get("metrics", ())
    ]
    event = make_event(
        record.occurred_at,
        state,
        run=data["evaluation"],
        job=_job(record),
        facets=failed(_problems(record)) if state is RunState.FAIL else {},
        inputs=[place.as_input(linked, roles=roles) for linked, roles in links.items()],
        outputs=[place.as_output(version, metrics=metrics) for version in made],
        versions=[version.uuid for version in (*links, *made)],
    )
    return (event,)


def _job(record: Record) -> Job:
    """Return the job that registering a result by hand has, too: it is the same work."""
    return make_job(record.workspace, "evaluate.result", record.data["name"], job_type="EVALUATION")


def _result(record: Record) -> list[Version]:
    return [
        Version(
            parse(record.data["result"], instance=record.instance),
            UUID(record.data["version"]),
            record.body["subject"]["digest"],
        )
    ]


def _problems(record: Record) -> str:
    """Return how many rows were wrong, and where; never what stood in them."""
    problems = record.data["problems"]
    lines = ", ".join(str(each["line"]) for each in problems[:10])
    return f"{len(problems)} problem(s) in the rows; the first in line(s) {lines}"
