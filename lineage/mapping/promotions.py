"""A promotion: one run, whatever comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from openlineage.client.event_v2 import Job, Run, RunEvent, RunState
from openlineage.client.facet_v2 import job_type_job, lineage, tags_run, test_run

from lineage.mapping.datasets import Place, Version
from lineage.mapping.events import id_time
from lineage.mapping.facets import (
    MunimentApprovalRunFacet,
    MunimentPromotionRunFacet,
    PromotedMember,
)
from lineage.mapping.naming import (
    INTEGRATION,
    PRODUCER,
    dataset_name,
    dataset_namespace,
    job_name,
    job_namespace,
)
from lineage.mapping.record import Mapped, event_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openlineage.client.facet_v2 import RunFacet

    from lineage.mapping.record import Record

# A gate's outcome as OpenLineage tells it: found nothing, found something but did not stop the
# run, found something and stopped it.
GATE_STATUS = {"pass": ("pass", "error"), "require_approval": ("fail", "warn")}
REFUSING = ("fail", "error")


@dataclass(frozen=True)
class Step:
    """A source version, and the copy that stands for it in the target workspace."""

    source: Version
    target: Version
    is_reused: bool


def map_request(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return the START of the promotion's run."""
    return (_start(record, Place(record.instance, base_url)),)


def map_completion(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START and COMPLETE: from the sources to the copies that the promotion made."""
    place = Place(record.instance, base_url)
    steps = _steps(record)
    made = [step for step in steps if not step.is_reused]
    facets = _facets(record, place, outcome="completed", steps=steps) | _gate_results(record)
    complete = RunEvent(
        eventTime=event_time(record.occurred_at),
        producer=PRODUCER,
        eventType=RunState.COMPLETE,
        run=Run(record.data["promotion"], facets=facets),
        job=_job(record, steps=made),
        inputs=[place.as_input(step.source) for step in made],
        outputs=[place.as_output(step.target) for step in made],
    )
    mentioned = [version.uuid for step in steps for version in (step.source, step.target)]
    return _start(record, place), Mapped(complete, tuple(dict.fromkeys(mentioned)))


def map_refusal(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START and ABORT with the gates' reasons."""
    return _aborted(record, base_url=base_url, outcome="refused")


def map_withdrawal(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START and ABORT of a request that was taken back."""
    return _aborted(record, base_url=base_url, outcome="withdrawn")


def map_expiry(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START and ABORT of a request that nobody decided on in time."""
    return _aborted(record, base_url=base_url, outcome="expired")


def map_decision(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START, and what an approver decided, while the promotion goes on."""
    approval = MunimentApprovalRunFacet(
        approval=record.data["approval"],
        decision=record.data["decision"],
        decidedBy=record.body["actor"]["id"],
        binding=record.data["binding"],
        producer=PRODUCER,
    )
    place = Place(record.instance, base_url)
    facets: dict[str, RunFacet] = {"muniment_approval": approval.published_at(base_url)}
    return _start(record, place), _meanwhile(record, place, facets)


def map_review(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START, and what the gates answer now."""
    place = Place(record.instance, base_url)
    return _start(record, place), _meanwhile(record, place, _gate_results(record))


def map_rollback(record: Record, *, base_url: str) -> tuple[Mapped, ...]:
    """Return START, and that the alias points again at what it meant before; a tag names that."""
    place, earlier = Place(record.instance, base_url), record.data["back_to"]
    tag = tags_run.TagsRunFacetFields(
        key="rolled_back_to", value=earlier["ref"], source=INTEGRATION
    )
    facets: dict[str, RunFacet] = {"tags": tags_run.TagsRunFacet(tags=[tag], producer=PRODUCER)}
    told = _meanwhile(record, place, facets)
    back_to = Version.of(earlier, instance=record.instance)
    return _start(record, place), Mapped(told.event, (*told.versions, back_to.uuid))


def _meanwhile(record: Record, place: Place, facets: dict[str, RunFacet]) -> Mapped:
    source = _source(record)
    event = RunEvent(
        eventTime=event_time(record.occurred_at),
        producer=PRODUCER,
        eventType=RunState.OTHER,
        run=Run(record.data["promotion"], facets=_facets(record, place) | facets),
        job=_job(record),
        inputs=[place.as_input(source)],
    )
    return Mapped(event, (source.uuid,))


def _aborted(record: Record, *, base_url: str, outcome: str) -> tuple[Mapped, ...]:
    place, source = Place(record.instance, base_url), _source(record)
    abort = RunEvent(
        eventTime=event_time(record.occurred_at),
        producer=PRODUCER,
        eventType=RunState.ABORT,
        run=Run(
            record.data["promotion"],
            facets=_facets(record, place, outcome=outcome) | _gate_results(record),
        ),
        job=_job(record),
        inputs=[place.as_input(source)],
    )
    return _start(record, place), Mapped(abort, (source.uuid,))


def _start(record: Record, place: Place) -> Mapped:
    """Return the START that every entry of one promotion yields to the byte.

    It says nothing that is only known later, and its time is that of the promotion's id; so it
    is stored once, in whatever order the entries come.
    """
    source = _source(record)
    start = RunEvent(
        eventTime=event_time(id_time(UUID(record.data["promotion"]))),
        producer=PRODUCER,
        eventType=RunState.START,
        run=Run(record.data["promotion"], facets=_facets(record, place)),
        job=_job(record),
        inputs=[place.as_input(source)],
    )
    return Mapped(start, (source.uuid,))


def _source(record: Record) -> Version:
    return Version.of(record.data["source"], instance=record.instance)


def _steps(record: Record) -> tuple[Step, ...]:
    stage = record.data["target"]["stage"]
    return tuple(
        Step(
            source=Version.of(member["source"], instance=record.instance),
            target=Version.of(member["target"], instance=record.instance, stage=stage),
            is_reused=member["is_reused"],
        )
        for member in record.data["members"]
    )


def _facets(
    record: Record, place: Place, *, outcome: str | None = None, steps: tuple[Step, ...] = ()
) -> dict[str, RunFacet]:
    data = record.data
    facet = MunimentPromotionRunFacet(
        promotion=data["promotion"],
        fromWorkspace=data["source"]["workspace"],
        toWorkspace=data["target"]["workspace"],
        toStage=data["target"]["stage"],
        requestedBy=data["requested_by"],
        alias=data["alias"] or None,
        producer=PRODUCER,
    )
    if outcome:
        facet.outcome = outcome
        facet.binding = data["binding"]
    if steps:
        facet.approvedBy = [approval["by"] for approval in data["approvals"]]
        facet.members = [_member(step) for step in steps]
        facet.digestMatch = all(step.source.digest == step.target.digest for step in steps)
        facet.provenanceDigest = data["provenance_digest"]
    return {"muniment_promotion": facet.published_at(place.base_url)}


def _member(step: Step) -> PromotedMember:
    return PromotedMember(
        source=str(step.source.ref),
        target=str(step.target.ref),
        digest=step.target.digest,
        reused=step.is_reused,
    )


def _gate_results(record: Record) -> dict[str, RunFacet]:
    """Return the gates' verdicts in OpenLineage's own form of test results."""
    tests = [_test(verdict) for verdict in record.data["verdicts"]]
    return {"test": test_run.TestRunFacet(tests=tests, producer=PRODUCER)}


def _test(verdict: Mapping[str, Any]) -> test_run.TestExecution:
    status, severity = GATE_STATUS.get(verdict["outcome"], REFUSING)
    reasons = [f"{reason['code']}: {reason['message']}" for reason in verdict["reasons"]]
    return test_run.TestExecution(
        name=verdict["gate"],
        status=status,
        severity=severity,
        type="promotion_gate",
        description="\n".join(reasons) or None,
        actual=verdict["outcome"],
        params={"binding": verdict["binding"], "evidence": list(verdict["evidence"])},
    )


def _job(record: Record, *, steps: list[Step] | None = None) -> Job:
    """Return the job; with ``steps``, it says exactly which input each output comes from."""
    job = Job(
        namespace=job_namespace(record.data["target"]["workspace"]),
        name=job_name("promote", _source(record).ref),
        facets={
            "jobType": job_type_job.JobTypeJobFacet(
                processingType="BATCH",
                integration=INTEGRATION,
                jobType="PROMOTION",
                producer=PRODUCER,
            )
        },
    )
    if steps and job.facets is not None:
        namespace = dataset_namespace(record.instance)
        entries = [_identity(namespace, step) for step in steps]
        job.facets["lineage"] = lineage.LineageJobFacet(entries=[*entries], producer=PRODUCER)
    return job


def _identity(namespace: str, step: Step) -> lineage.LineageDatasetEntry:
    return lineage.LineageDatasetEntry(
        namespace=namespace,
        name=dataset_name(step.target.ref),
        type="DATASET",
        inputs=[
            lineage.LineageDatasetInput(
                namespace=namespace,
                name=dataset_name(step.source.ref),
                type="DATASET",
                transformations=[lineage.LineageTransformation(type="DIRECT", subtype="IDENTITY")],
            )
        ],
    )
