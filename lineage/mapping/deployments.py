"""A deployment: a job that serves, one run per revision; a rollback is a new revision."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from openlineage.client.event_v2 import RunState

from core.references import SCHEME
from lineage.mapping.datasets import Place, Version
from lineage.mapping.events import failed, make_event, make_job, run_id
from lineage.mapping.facets import (
    MunimentDeploymentRunFacet,
    MunimentServingRunFacet,
    ServedMember,
    ServingCost,
)
from lineage.mapping.naming import PRODUCER
from lineage.mapping.things import Thing

if TYPE_CHECKING:
    from openlineage.client.event_v2 import Job
    from openlineage.client.facet_v2 import RunFacet

    from lineage.mapping.record import Mapped, Record

STATES = {
    "requested": RunState.OTHER,
    "deploying": RunState.OTHER,
    "running": RunState.RUNNING,
    "degraded": RunState.RUNNING,
    "stopped": RunState.COMPLETE,
    "failed": RunState.FAIL,
}


def map_revision(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the START of a revision's run: from its members to the endpoint."""
    data, place = record.data, Place(record.instance, base_url)
    points = [data["application"], *data["members"]] if data["application"] else data["members"]
    versions = list(dict.fromkeys(Version.of(point, instance=record.instance) for point in points))
    facet = MunimentDeploymentRunFacet(
        deployment=data["deployment"],
        revision=data["revision"],
        state="requested",
        endpoint=data["endpoint"] or None,
        configurationDigest=data["configuration_digest"],
        equalsRevision=data["equals"],
        members=[
            ServedMember(ref=each["ref"], traffic=each["traffic"]) for each in data["members"]
        ],
        producer=PRODUCER,
    )
    start = make_event(
        record.occurred_at,
        RunState.START,
        run=_run(record, data["revision"]),
        job=_job(record),
        facets={"muniment_deployment": facet.published_at(base_url)},
        inputs=[place.as_input(version) for version in versions],
        outputs=[_endpoint(record, data["revision"]).as_output()],
        versions=[version.uuid for version in versions],
    )
    return (start,)


def map_state(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return what a revision does now, and the COMPLETE of each one that it replaced."""
    data, state = record.data, str(record.body["after"]["state"])
    told = [_state(record, data["revision"], state, base_url=base_url)]
    told += [_state(record, number, "stopped", base_url=base_url) for number in data["superseded"]]
    return tuple(told)


def map_stop(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the COMPLETE of a deployment that shall serve no more."""
    return (_state(record, record.data["revision"], "stopped", base_url=base_url),)


def map_start(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return that a stopped deployment is asked to serve again."""
    return (_state(record, record.data["revision"], "requested", base_url=base_url),)


def map_windows(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return RUNNING with what was served, from the first window to the last of a batch."""
    data = record.data
    if data.get("revision") is None:
        return ()  # an entry of an earlier release, which does not tell whose windows these are
    first = datetime.fromisoformat(data["first_start"])
    last = datetime.fromisoformat(data["last_end"])
    facet = MunimentServingRunFacet(
        endpoint=record.body["subject"]["ref"],
        source=data["source"],
        windowStart=data["first_start"],
        windowEnd=data["last_end"],
        windowSeconds=int((last - first).total_seconds()),
        requests=data["requests"],
        errors=data["errors"],
        promptTokens=data["tokens_in"],
        completionTokens=data["tokens_out"],
        contentSafetyBlocks=data["blocks"],
        costs=[
            ServingCost(amount=each["cost"], currency=each["currency"]) for each in data["costs"]
        ],
        digest=record.body["subject"]["digest"],
        producer=PRODUCER,
    )
    event = make_event(
        record.occurred_at,
        RunState.RUNNING,
        run=_run(record, data["revision"]),
        job=_job(record),
        facets={"muniment_serving": facet.published_at(base_url)},
        outputs=[_endpoint(record, data["revision"]).as_output()],
        versions=[UUID(version) for version in data["versions"]],
    )
    return (event,)


def _state(record: Record, revision: int, state: str, *, base_url: str) -> Mapped:
    facet = MunimentDeploymentRunFacet(
        deployment=record.data["deployment"], revision=revision, state=state, producer=PRODUCER
    )
    facets: dict[str, RunFacet] = {"muniment_deployment": facet.published_at(base_url)}
    if state == "failed":
        facets |= failed(record.body.get("reason") or "the deployer reported a failure")
    return make_event(
        record.occurred_at,
        STATES[state],
        run=_run(record, revision),
        job=_job(record),
        facets=facets,
        outputs=[_endpoint(record, revision).as_output()],
    )


def _run(record: Record, revision: int) -> str:
    return run_id(UUID(record.data["deployment"]), f"revision/{revision}")


def _names(record: Record) -> tuple[str, str]:
    """Return workspace and name in ``workspace/deployment/name``."""
    reference = record.body["subject"]["ref"].removeprefix(f"{SCHEME}{record.instance}/")
    workspace, _, name = reference.split("/", 2)
    return workspace, name


def _job(record: Record) -> Job:
    workspace, name = _names(record)
    return make_job(workspace, "deploy", name, job_type="DEPLOYMENT", service=True)


def _endpoint(record: Record, revision: int) -> Thing:
    workspace, name = _names(record)
    return Thing(record.instance, workspace, "deployment", name, str(revision))
