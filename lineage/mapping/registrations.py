"""A registered version: what it is, and the work that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from openlineage.client.event_v2 import DatasetEvent, Job, Run, RunEvent, RunState
from openlineage.client.facet_v2 import job_type_job

from core.references import parse
from lineage.mapping.datasets import Place, Version
from lineage.mapping.facets import EvaluatedMetric
from lineage.mapping.naming import INTEGRATION, PRODUCER, job_name, job_namespace
from lineage.mapping.record import Mapped, event_time
from registry.kinds.links import LinkRole

if TYPE_CHECKING:
    from lineage.mapping.record import Record


@dataclass(frozen=True)
class Work:
    """What kind of work makes a version: the verb of its job, and its OpenLineage jobType."""

    verb: str
    job_type: str


FINE_TUNING = frozenset({LinkRole.FINE_TUNED_FROM, LinkRole.ADAPTER_OF})
# The first row whose roles a model has any of says how it was made.
MODEL_WORK = (
    (FINE_TUNING, Work("fine_tune", "TRAINING")),
    (frozenset({LinkRole.MERGED_FROM}), Work("merge", "TRAINING")),
    (frozenset({LinkRole.DISTILLED_FROM}), Work("distill", "TRAINING")),
    (frozenset({LinkRole.TRAINED_ON}), Work("train", "TRAINING")),
)
WORK = {
    "flow": Work("build", "FLOW_BUILD"),
    "result": Work("evaluate", "EVALUATION"),
    "dataset": Work("prepare", "DATA_PREP"),
}
DERIVATION = Work("derive", "DERIVATION")


def work_of(kind: str, roles: frozenset[str]) -> Work:
    """Return what work makes a version of ``kind`` that links in ``roles``."""
    if kind == "model":
        return next((work for needed, work in MODEL_WORK if needed & roles), DERIVATION)
    return WORK.get(kind, DERIVATION)


def map_registration(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return a DatasetEvent and, for a version with links, the START and COMPLETE of its run.

    The run's id is the journal entry's: registering is one entry, and was one piece of work. An
    evaluation that made the version tells of its run itself.
    """
    place = Place(record.instance, base_url)
    version = _registered(record)
    described = DatasetEvent(
        eventTime=event_time(record.occurred_at),
        producer=PRODUCER,
        dataset=place.as_dataset(version),
    )
    runs = () if record.data.get("work") else _runs(record, place, version)
    return Mapped(described, (version.uuid,)), *runs


def _registered(record: Record) -> Version:
    roles = {link["role"] for link in record.data["links"]}
    sub_type = ""
    if record.data["kind"] == "model":
        sub_type = "FINE_TUNED" if FINE_TUNING & roles else "" if roles else "BASE"
    return Version(
        ref=parse(record.body["subject"]["ref"], instance=record.instance),
        uuid=UUID(record.data["version"]),
        digest=record.body["subject"]["digest"],
        sub_type=sub_type,
    )


def _runs(record: Record, place: Place, version: Version) -> tuple[Mapped, ...]:
    links = _linked(record)
    if not links:
        return ()
    roles = frozenset(role for held in links.values() for role in held)
    work = work_of(version.ref.kind, roles)
    metrics = [
        EvaluatedMetric(
            name=metric["name"],
            value=float(metric["value"]),
            evaluator=metric["evaluator"] or None,
        )
        for metric in record.data["metrics"]
    ]
    mentioned = (version.uuid, *(linked.uuid for linked in links))
    return tuple(
        Mapped(
            RunEvent(
                eventTime=event_time(record.occurred_at),
                producer=PRODUCER,
                eventType=state,
                run=Run(str(record.uuid)),
                job=_job(work, version),
                inputs=[place.as_input(linked, roles=held) for linked, held in links.items()],
                outputs=[place.as_output(version, metrics=metrics)] if is_made else [],
            ),
            mentioned,
        )
        for state, is_made in ((RunState.START, False), (RunState.COMPLETE, True))
    )


def _linked(record: Record) -> dict[Version, list[str]]:
    """Return each linked version once, with all its roles, in the order of the links."""
    links: dict[Version, list[str]] = {}
    for link in record.data["links"]:
        linked = Version.of(link, instance=record.instance)
        links.setdefault(linked, []).append(link["role"])
    return links


def _job(work: Work, version: Version) -> Job:
    return Job(
        namespace=job_namespace(version.ref.workspace),
        name=job_name(work.verb, version.ref),
        facets={
            "jobType": job_type_job.JobTypeJobFacet(
                processingType="BATCH",
                integration=INTEGRATION,
                jobType=work.job_type,
                producer=PRODUCER,
            )
        },
    )
