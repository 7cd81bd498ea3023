"""Ask policies again as soon as something changed that their answers rest on.

A new configuration has the rules over its resource asked, a new assignment its rules over every
resource that it reaches. What was answered before on the same bytes is not asked again
(`policies.services.evaluation`). The rest is left to scans: they ask everything, on schedule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core import tasks
from core.actors import system
from policies.models import Assignment, Resource
from policies.queries.assignments import reaches, rules_by_workspace
from policies.queries.configurations import configurations_by_workspace
from policies.queries.questions import configuration_questions
from policies.services.evaluation import evaluate_many
from registry.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.journal import SequencedEntry
    from core.tasks import TaskRun
    from policies.queries.questions import Question

TASK = "policies.reevaluate"
# What happened, and the member of the entry that says to what.
CAUSES = {
    "policies.snapshot.submitted": "resource",
    "policies.assignment.created": "assignment",
}
# A journal that is told late is no news: scans have asked since.
LATEST = timedelta(days=1)
STEP = 50


def queue(entry: SequencedEntry) -> None:
    """Queue the re-evaluation that follows from ``entry``; one that waits for the same already
    stands for both."""
    if entry.occurred_at < timezone.now() - LATEST:
        return
    about = CAUSES[entry.action]
    payload = {about: entry.data[about]}
    tasks.enqueue(TASK, payload, dedupe_key=f"{about}:{entry.data[about]}", workspace=None)


def work(run: TaskRun) -> dict[str, Any]:
    """Ask the rules that the task is about, a few resources at a time; return how often each
    state was answered. Raises LeaseLost when another worker has taken over."""
    chosen = _resource(run) if "resource" in run.payload else _assignment(run)
    counts: dict[str, int] = {}
    done = 0
    for questions in chosen:
        decisions = evaluate_many(questions, actor=system(request_id=str(run.task.uuid)))
        for decision in decisions:
            counts[decision.state] = counts.get(decision.state, 0) + 1
        done += len(questions)
        run.progress(done, done, f"{done} answers")
    return {"states": dict(sorted(counts.items()))}


def _resource(run: TaskRun) -> Iterator[Sequence[Question]]:
    """The questions of every rule about one resource; none once it is retired."""
    uuid = run.payload["resource"]
    found = Resource.objects.select_related("workspace").filter(uuid=uuid).first()
    if found is not None:
        yield from _steps(found.workspace, only=_Only(resource=found))


def _assignment(run: TaskRun) -> Iterator[Sequence[Question]]:
    """The questions of one assignment's rules in every workspace that it reaches."""
    uuid = run.payload["assignment"]
    found = Assignment.objects.prefetch_related("exclusions").filter(uuid=uuid).first()
    if found is not None:
        places = [each for each in Workspace.objects.order_by("slug") if reaches(found, each)]
        for place in places:
            yield from _steps(place, only=_Only(assignment=found))


@dataclass(frozen=True)
class _Only:
    """What a re-evaluation is limited to."""

    resource: Resource | None = None
    assignment: Assignment | None = None


def _steps(place: Workspace, *, only: _Only) -> Iterator[Sequence[Question]]:
    """The questions about resources that there are, those about a few of them at a time."""
    chosen = None if only.resource is None else {only.resource.uuid}
    rules = [
        rule
        for rule in rules_by_workspace([place])[place.pk]
        if only.assignment is None or rule.assignment.pk == only.assignment.pk
    ]
    known = configurations_by_workspace([place], resources=chosen)[place.pk] if rules else []
    for start in range(0, len(known), STEP):
        questions = configuration_questions(place, rules, known[start : start + STEP])
        yield [each for each in questions if each.snapshot is not None]
