"""What run events have in common: their job, their ids, and the times that ids hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from openlineage.client.event_v2 import Job, Run, RunEvent, RunState
from openlineage.client.facet_v2 import error_message_run, job_type_job
from openlineage.client.uuid import generate_static_uuid

from lineage.mapping.naming import INTEGRATION, PRODUCER, job_namespace
from lineage.mapping.record import Mapped, event_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openlineage.client.event_v2 import InputDataset, OutputDataset
    from openlineage.client.facet_v2 import RunFacet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def id_time(uuid7: UUID) -> datetime:
    """Return the time in a UUIDv7: its first 48 bits, in milliseconds (RFC 9562 section 5.7)."""
    return EPOCH + timedelta(milliseconds=uuid7.int >> 80)


def run_id(of: UUID, part: str) -> str:
    """Return the id of the run of one part of something, always the same.

    Its time is that of the id of the whole, so that runs sort as what they belong to.
    """
    return str(generate_static_uuid(id_time(of), f"{of}/{part}".encode()))


def make_job(workspace: str, verb: str, name: str, *, job_type: str, service: bool = False) -> Job:
    """Return the job ``verb.name`` of a workspace."""
    return Job(
        namespace=job_namespace(workspace),
        name=f"{verb}.{quote(name, safe='')}",
        facets={
            "jobType": job_type_job.JobTypeJobFacet(
                processingType="SERVICE" if service else "BATCH",
                integration=INTEGRATION,
                jobType=job_type,
                producer=PRODUCER,
            )
        },
    )


def failed(message: str) -> dict[str, RunFacet]:
    """Return the facet that says why a run failed."""
    facet = error_message_run.ErrorMessageRunFacet(
        message=message, programmingLanguage="none", producer=PRODUCER
    )
    return {"errorMessage": facet}


def make_event(
    at: datetime,
    state: RunState,
    *,
    run: str,
    job: Job,
    facets: dict[str, RunFacet] | None = None,
    inputs: Sequence[InputDataset] = (),
    outputs: Sequence[OutputDataset] = (),
    versions: Sequence[UUID] = (),
) -> Mapped:
    """Return a run event that names ``versions``."""
    event = RunEvent(
        eventTime=event_time(at),
        producer=PRODUCER,
        eventType=state,
        run=Run(run, facets=facets or {}),
        job=job,
        inputs=list(inputs),
        outputs=list(outputs),
    )
    return Mapped(event, tuple(dict.fromkeys(versions)))
