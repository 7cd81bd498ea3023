"""Answer a what-if: one workspace after the other, each written as a whole or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.actors import Actor, Via
from policies.models import WhatIf, WhatIfResult, Would
from policies.models.decision import MAX_SUBJECT
from policies.models.enforcement import is_rolled_out
from policies.queries.assignments import in_scope, rules_of
from policies.queries.what_ifs import what_if_questions
from policies.services.decided import as_stored
from policies.services.dry_answers import answer_dry
from policies.services.evaluation import STANDING
from policies.services.what_ifs import prepared_of
from registry.models import Workspace

if TYPE_CHECKING:
    from uuid import UUID

    from core.tasks import TaskRun
    from policies.engines.base import Outcome
    from policies.queries.assignments import Rule
    from policies.queries.questions import Question
    from policies.services.assignments import Prepared

BATCH = 500
STEP = 50
WORST_FIRST = ("fail", "error", "unknown", "pass", "not_applicable")
WOULD = {
    "deny": Would.REFUSE,
    "require_approval": Would.HOLD,
    "modify": Would.MODIFY,
    "warn": Would.WARN,
}


def work(what_if: UUID | str, *, run: TaskRun) -> None:
    """Do what is left of a what-if: workspaces that an earlier attempt committed are not asked
    again. The requester's right is asked for anew."""
    asked = WhatIf.objects.select_related("requested_by").get(uuid=what_if)
    if asked.completed_at is not None:
        return
    actor = Actor(user=asked.requested_by, via=Via.TASK, request_id=f"what-if-{asked.uuid}")
    prepared = prepared_of(asked, actor=actor)
    places = _places(prepared)
    for number, place in enumerate(places):
        if str(place.uuid) in asked.done:
            continue
        found = _answers(asked, prepared, place, run=run, number=number, of=len(places))
        with transaction.atomic():
            run.progress(number, len(places), f"writing {place.slug}")
            _write(asked, place, found)
    with transaction.atomic():
        run.progress(len(places), len(places), "done")
        _complete(asked)
        run.succeed({"what_if": str(asked.uuid)})


def _places(prepared: Prepared) -> list[Workspace]:
    assignment = prepared.unsaved()
    excluded = {place.pk for place in prepared.excluded}
    return [
        place
        for place in Workspace.objects.order_by("slug")
        if place.pk not in excluded and in_scope(assignment, place)
    ]


def _rules(asked: WhatIf, prepared: Prepared, place: Workspace) -> list[Rule]:
    assignment = prepared.unsaved()
    # So that the same workspaces come first whenever this what-if is looked at.
    assignment.uuid = asked.uuid
    terms = prepared.terms
    is_enforced = terms.is_enforced and is_rolled_out(
        assignment=asked.uuid, workspace=place.uuid, percent=terms.percent
    )
    return [replace(rule, is_enforced=is_enforced) for rule in rules_of(assignment)]


def _answers(
    asked: WhatIf, prepared: Prepared, place: Workspace, *, run: TaskRun, number: int, of: int
) -> list[tuple[Question, Outcome]]:
    """Put every question, a few at a time, renewing the lease in between."""
    questions = what_if_questions(place, _rules(asked, prepared, place), at=asked.as_of)
    found: list[tuple[Question, Outcome]] = []
    for start in range(0, len(questions), STEP):
        run.progress(number, of, f"{place.slug}: {start} of {len(questions)} answers")
        step = questions[start : start + STEP]
        found += zip(step, answer_dry(step, now=asked.as_of), strict=True)
    return found


def would_follow(rule: Rule, state: str) -> Would:
    """Return what would follow from an answer."""
    if state in STANDING:
        return Would.NOTHING
    return WOULD.get(rule.effect, Would.RECORD) if rule.is_enforced else Would.RECORD


def _write(asked: WhatIf, place: Workspace, found: list[tuple[Question, Outcome]]) -> None:
    """Write what would not pass in a workspace, and its counts."""
    states: Counter[str] = Counter()
    would: Counter[str] = Counter()
    rows = []
    for question, outcome in found:
        follows = would_follow(question.rule, outcome.state.value)
        states[outcome.state.value] += 1
        would[follows.value] += 1
        if follows != Would.NOTHING:
            rows.append(_result(asked, question, outcome, follows))
    WhatIfResult.objects.bulk_create(rows, batch_size=BATCH)
    asked.done[str(place.uuid)] = {"states": states, "would": would}
    asked.save(update_fields=["done"])


def _result(asked: WhatIf, question: Question, outcome: Outcome, would: Would) -> WhatIfResult:
    return WhatIfResult(
        what_if=asked,
        workspace=question.workspace,
        policy_version=question.rule.policy_version,
        reference_id=question.rule.reference_id,
        kind=question.kind,
        subject=question.subject[:MAX_SUBJECT],
        resource=question.snapshot.resource if question.snapshot else None,
        version=question.version,
        state=outcome.state.value,
        would=would,
        severity=question.rule.policy_version.severity,
        findings=as_stored(outcome.findings),
        error=outcome.error,
    )


def _complete(asked: WhatIf) -> None:
    states: Counter[str] = Counter()
    would: Counter[str] = Counter()
    for counts in asked.done.values():
        states.update(counts["states"])
        would.update(counts["would"])
    asked.counts = {
        "workspaces": len(asked.done),
        "states": {state: states[state] for state in WORST_FIRST if states[state]},
        "would": {each.value: would.get(each.value, 0) for each in Would},
    }
    asked.completed_at = timezone.now()
    asked.save(update_fields=["counts", "completed_at"])
