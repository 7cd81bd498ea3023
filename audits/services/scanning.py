"""Do a scan: one workspace after the other, each written as a whole or not at all."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from audits.events import ScanCompleted
from audits.models import ResultState, Scan, ScanWorkspace
from audits.queries.population import population_of
from audits.services import findings, reports
from audits.services.pace import Pace
from audits.services.packs import request as packs
from audits.services.results import Results
from audits.services.scan_summary import workspace_scanned
from core import locks, release
from core.actors import Actor, Via, system
from core.canonical import canonical_digest
from core.collecting import collect_young, uncollected
from core.errors import DomainError
from core.journal import publish
from core.models import JournalSequence
from policies.queries.assignments import rules_by_workspace
from policies.services.evaluation import Step, assess_in_steps
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from core.tasks import TaskRun
    from policies.queries.assignments import Rule

# The rules of as many workspaces are read at a time: most are the same policies.
PLACES = 50
# Cycles are few, and looking for them goes through what is alive: not after each workspace.
COLLECTED = 20
TOLD_SECONDS = 1.0


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
    left = [(place, unit) for place, unit in enumerate(units) if unit.completed_at is None]
    asking = _Asking(scan, left, len(units), actor)
    told = assess_in_steps(
        asking.steps(), actor=actor, now=scan.as_of, waiting=lambda: asking.tell(run)
    )
    with uncollected():
        for step, answered in told:
            step.results.add(answered)
            asking.latest = step
            asking.tell_at_times(run)
            if step.is_last:
                with transaction.atomic():
                    run.progress(step.place, len(units), f"writing {step.unit.workspace.slug}")
                    _write(step.unit, step.results, actor=actor)
                if step.place % COLLECTED == 0:
                    collect_young()
    if asking.refused is not None:
        raise asking.refused
    with transaction.atomic():
        run.progress(len(units), len(units), "done")
        _complete(scan, actor=actor)
        run.succeed({"scan": str(scan.uuid), "digest": scan.digest})


@dataclass(slots=True)
class _Step(Step):
    """Some of a unit's questions; of the last there are none, all have been asked by then."""

    unit: ScanWorkspace
    results: Results
    place: int
    done: int
    count: int
    is_last: bool = False


@dataclass
class _Asking:
    """The questions of a scan, workspace by workspace, each with its place among all.

    They are taken before what the one before told is written, so that no engine waits for that. A
    right that is gone ends them there and is kept in ``refused``: what was asked before stands.
    """

    scan: Scan
    units: list[tuple[int, ScanWorkspace]]
    of: int
    actor: Actor
    latest: _Step | None = None
    refused: DomainError | None = None
    _pace: Pace = field(default_factory=Pace)
    _tried: set[int] = field(default_factory=set)
    _told_at: float = -math.inf

    def tell(self, run: TaskRun) -> None:
        """Show how far the scan is, and renew the lease."""
        step = self.latest
        if step is None:
            run.progress(self.units[0][0] if self.units else 0, self.of)
        else:
            told = f"{step.unit.workspace.slug}: {step.done} of {step.count} documents"
            run.progress(step.place, self.of, told)

    def tell_at_times(self, run: TaskRun) -> None:
        """Do so where somebody who watches would miss it; each time is a commit."""
        now = time.monotonic()
        if now - self._told_at > TOLD_SECONDS:
            self._told_at = now
            self.tell(run)

    def steps(self) -> Iterator[_Step]:
        """Yield all questions, a few documents at a time."""
        for start in range(0, len(self.units), PLACES):
            some = self.units[start : start + PLACES]
            rules = rules_by_workspace([unit.workspace for _, unit in some], at=self.scan.as_of)
            for place, unit in some:
                unit.scan = self.scan
                try:
                    subject = f"scan/{self.scan.uuid}"
                    access.require(self.actor, Permission.RUN_SCAN, unit.workspace, subject=subject)
                except DomainError as error:
                    self.refused = error
                    return
                yield from self._of_unit(place, unit, rules[unit.workspace.pk])

    def _of_unit(self, place: int, unit: ScanWorkspace, rules: Sequence[Rule]) -> Iterator[_Step]:
        population, results, done = population_of(unit, rules), Results(unit), 0
        versions = {rule.policy_version.pk for rule in rules}
        if not versions <= self._tried:
            # What no step has asked yet may run into its deadline: it is tried on a few first.
            self._pace = Pace()
            self._tried |= versions
        for documents in self._pace.steps(population.documents):
            done += len(documents)
            questions = list(chain.from_iterable(documents))
            yield _Step(
                questions, population.exemptions, unit, results, place, done, population.count
            )
        yield _Step(
            (), population.exemptions, unit, results, place, done, population.count, is_last=True
        )


def requester(scan: Scan) -> Actor:
    """Return who asked for the scan, as an actor in the background; the service itself for a
    scheduled one."""
    request_id = f"scan-{scan.uuid}"
    if scan.requested_by is None:
        return system(request_id=request_id)
    return Actor(user=scan.requested_by, via=Via.TASK, request_id=request_id)


def _write(unit: ScanWorkspace, results: Results, *, actor: Actor) -> None:
    """Write a workspace's complete results and what they do to its findings."""
    locks.hold(f"audits.workspace:{unit.workspace_id}")
    ids = results.write()
    findings.follow(
        unit, results.seen(ids, followed=findings.followed_in(unit.workspace)), actor=actor
    )
    digest = results.digest
    ScanWorkspace.objects.filter(pk=unit.pk).update(completed_at=timezone.now(), digest=digest)
    publish(
        workspace_scanned(unit, results.rules, digest=digest),
        actor=actor,
        roles=access.roles(actor, unit.workspace_id),
    )


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
        scan.results.exclude(decision__evaluation__engine="")
        .order_by("decision__evaluation__engine", "decision__evaluation__engine_version")
        .values_list("decision__evaluation__engine", "decision__evaluation__engine_version")
        .distinct()
    )
    return [f"muniment {release.version()}", *(f"{name} {version}" for name, version in engines)]
