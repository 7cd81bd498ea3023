"""Do a scan: one workspace after the other, each written as a whole or not at all."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from audits.events import ScanCompleted
from audits.models import ResultState, Scan, ScanResult, ScanWorkspace
from audits.queries.population import identity, population_of
from audits.services import findings, reports
from audits.services.pace import Pace
from audits.services.packs import request as packs
from audits.services.scan_summary import workspace_scanned
from core import locks, release
from core.actors import Actor, Via, system
from core.bulk_rows import insert_rows, make_row
from core.canonical import canonical_digest, canonical_json, sha256
from core.journal import publish
from core.models import JournalSequence
from policies.services.evaluation import Assessment, assess_in_steps
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from core.tasks import TaskRun
    from policies.queries.questions import Question


def work(scan_uuid: UUID | str, *, run: TaskRun) -> None:
    """Do what is left of a scan: units that an earlier attempt committed are not done again.

    The requester's right is asked for anew in each workspace; raises AccessDenied or NotFound
    where it is gone, LeaseLost when another worker has taken over.
    """
    scan = Scan.objects.select_related("requested_by").get(uuid=scan_uuid)
    if scan.completed_at is not None:
        return
    actor = requester(scan)
    units = list(scan.units.select_related("workspace").order_by("workspace__slug"))
    for number, unit in enumerate(units):
        if unit.completed_at is not None:
            continue
        unit.scan = scan
        access.require(actor, Permission.RUN_SCAN, unit.workspace, subject=f"scan/{scan.uuid}")
        found = _assess(unit, actor=actor, run=run, number=number, of=len(units))
        with transaction.atomic():
            run.progress(number, len(units), f"writing {unit.workspace.slug}")
            _write(unit, found, actor=actor)
    with transaction.atomic():
        run.progress(len(units), len(units), "done")
        _complete(scan, actor=actor)
        run.succeed({"scan": str(scan.uuid), "digest": scan.digest})


def requester(scan: Scan) -> Actor:
    """Return who asked for the scan, as an actor in the background; the service itself for a
    scheduled one."""
    request_id = f"scan-{scan.uuid}"
    if scan.requested_by is None:
        return system(request_id=request_id)
    return Actor(user=scan.requested_by, via=Via.TASK, request_id=request_id)


def _assess(
    unit: ScanWorkspace, *, actor: Actor, run: TaskRun, number: int, of: int
) -> list[Assessment]:
    """Put every question, a few documents at a time, renewing the lease in between."""
    population = population_of(unit)
    documents = [
        list(group)
        for _, group in groupby(sorted(population.questions, key=_document_key), key=_document_key)
    ]
    steps = (list(chain.from_iterable(step)) for step in Pace().steps(documents))
    found: list[Assessment] = []
    for answered in assess_in_steps(
        steps, exemptions=population.exemptions, actor=actor, now=unit.scan.as_of
    ):
        found += answered
        told = f"{unit.workspace.slug}: {len(found)} of {len(population.questions)} answers"
        run.progress(number, of, told)
    return found


def _document_key(question: Question) -> tuple[str, str, str]:
    snapshot = question.snapshot
    return question.kind, question.subject, str(snapshot.uuid) if snapshot else ""


def _write(unit: ScanWorkspace, found: list[Assessment], *, actor: Actor) -> None:
    """Write a workspace's complete results and what they do to its findings."""
    locks.hold(f"audits.workspace:{unit.workspace_id}")
    results = insert_rows(_result(unit, assessment) for assessment in found)
    findings.follow(unit, results, actor=actor)
    digest = _digest(found, results)
    ScanWorkspace.objects.filter(pk=unit.pk).update(completed_at=timezone.now(), digest=digest)
    publish(
        workspace_scanned(unit, results, digest=digest),
        actor=actor,
        roles=access.roles(actor, unit.workspace_id),
    )


def _result(unit: ScanWorkspace, assessment: Assessment) -> ScanResult:
    question, decision = assessment.question, assessment.decision
    exempt = assessment.state == ResultState.EXEMPT
    covered = assessment.state in {ResultState.EXEMPT, ResultState.CONFLICT}
    snapshot = question.snapshot
    return make_row(
        ScanResult,
        {
            "reference_id": question.rule.reference_id,
            "identity": identity(question),
            "subject": question.subject,
            "state": assessment.state,
            "underlying": decision.state if covered else "",
            "severity": question.rule.policy_version.severity,
        },
        {
            "scan": unit.scan,
            "workspace": unit.workspace,
            "assignment": question.rule.assignment,
            "policy_version": question.rule.policy_version,
            "resource": snapshot.resource if snapshot else None,
            "decision": decision,
            "exemption": assessment.exemption if exempt else None,
        },
    )


def _digest(found: list[Assessment], results: list[ScanResult]) -> str:
    """The digest over a unit's results: question, state, and the decision with its bytes."""
    lines: list[list[str]] = [
        [
            result.identity,
            each.state,
            str(each.decision.uuid),
            each.decision.input_id,
            each.question.rule.policy_version.digest,
            str(each.exemption.uuid) if each.exemption else "",
        ]
        for each, result in zip(found, results, strict=True)
    ]
    return sha256(canonical_json(sorted(lines)))


def _complete(scan: Scan, *, actor: Actor) -> None:
    """Close the scan over its units, and let the reports that wait for it begin."""
    Scan.objects.select_for_update().get(pk=scan.pk)
    units = list(scan.units.select_related("workspace").order_by("workspace__slug"))
    states = dict(scan.results.values_list("state").annotate(Count("pk")))
    scan.counts = {state: states.get(state, 0) for state in ResultState.values}
    scan.tools = _tools(scan)
    scan.digest = canonical_digest([[str(each.workspace.uuid), each.digest] for each in units])
    scan.journal_head = JournalSequence.objects.aggregate(head=Max("seq"))["head"]
    scan.completed_at = timezone.now()
    scan.save(update_fields=["counts", "tools", "digest", "journal_head", "completed_at"])
    only = units[0].workspace if len(units) == 1 else None
    publish(
        ScanCompleted(
            subject=f"scan/{scan.uuid}",
            workspace=only.uuid if only else None,
            digest=scan.digest,
            scope=scan.scope,
            workspaces=[each.workspace.slug for each in units],
            as_of=scan.as_of.isoformat(),
            counts=scan.counts,
            tools=scan.tools,
        ),
        actor=actor,
        roles=access.roles(actor, only.pk) if only else (),
    )
    reports.begin_waiting(scan)
    packs.begin_waiting(scan)


def _tools(scan: Scan) -> list[str]:
    engines = (
        scan.results.exclude(decision__engine="")
        .order_by("decision__engine", "decision__engine_version")
        .values_list("decision__engine", "decision__engine_version")
        .distinct()
    )
    return [f"muniment {release.version()}", *(f"{name} {version}" for name, version in engines)]
