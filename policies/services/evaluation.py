"""Evaluate policies and store what they said."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.bulk_rows import insert_rows, make_row
from core.canonical import canonical_json, sha256
from core.journal import publish
from policies.engines.base import State
from policies.events import DecisionsRecorded
from policies.models import Decision, DecisionInput
from policies.models.decision import MAX_SUBJECT
from policies.queries.modifications import modify_conflicts
from policies.services.answers import Answer, Call, ask
from policies.services.drafts import drafts_of
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor
    from policies.engines.base import Finding
    from policies.models import Exemption
    from policies.queries.assignments import Rule
    from policies.queries.exemptions import Exemptions
    from policies.queries.questions import Question
    from policies.services.drafts import Draft

BATCH = 500
EXEMPT = "exempt"
CONFLICT = "conflict"
STANDING = frozenset({State.PASS.value, State.NOT_APPLICABLE.value})


@dataclass(frozen=True)
class Assessment:
    """A question, what the policy said, and the exemption that covers it, if any.

    ``conflicts_with`` are the rules that would modify the same thing in another way.
    """

    question: Question
    decision: Decision
    exemption: Exemption | None
    conflicts_with: tuple[Rule, ...] = ()

    @property
    def state(self) -> str:
        """Return pass, fail, unknown, not_applicable, error, exempt where an exemption is needed,
        or conflict where it fails and what would mend it contradicts another rule; the policy's
        own state is the decision's."""
        if self.exemption and not self.stands:
            return EXEMPT
        return CONFLICT if self.conflicts_with else self.decision.state

    @property
    def stands(self) -> bool:
        """Tell whether the policy itself has nothing against it."""
        return self.decision.state in STANDING


def assess(
    questions: Sequence[Question],
    *,
    exemptions: Exemptions,
    actor: Actor,
    now: datetime | None = None,
) -> list[Assessment]:
    """Evaluate, store, and hold each decision against the exemptions; in order."""
    decisions = evaluate_many(questions, actor=actor, now=now)
    return _assessments(questions, decisions, exemptions)


def assess_in_steps(
    steps: Iterable[Sequence[Question]],
    *,
    exemptions: Exemptions,
    actor: Actor,
    now: datetime | None = None,
) -> Iterator[list[Assessment]]:
    """Assess step by step: while what one step gave is stored, the engine works on the next."""
    moment = now or timezone.now()
    with ThreadPoolExecutor(1, thread_name_prefix="evaluation") as ahead:
        waiting: _Asked | None = None
        for questions in steps:
            asked = _ask(questions, now=moment, ahead=ahead)
            if waiting is not None:
                yield _assessments(waiting.questions, _stored(waiting, actor=actor), exemptions)
            waiting = asked
        if waiting is not None:
            yield _assessments(waiting.questions, _stored(waiting, actor=actor), exemptions)


def _assessments(
    questions: Sequence[Question], decisions: Sequence[Decision], exemptions: Exemptions
) -> list[Assessment]:
    conflicts = modify_conflicts(questions, [decision.state for decision in decisions])
    return [
        Assessment(
            question,
            decision,
            exemptions.covering(question),
            tuple(questions[other].rule for other in conflicts.get(place, ())),
        )
        for place, (question, decision) in enumerate(zip(questions, decisions, strict=True))
    ]


def evaluate_many(
    questions: Sequence[Question], *, actor: Actor, now: datetime | None = None
) -> list[Decision]:
    """Return a stored decision for each question, in order.

    ``now`` is what policies are told as the time, by default the moment of the call. A decision
    that answered the same question before is returned again: same rule, policy text, parameters,
    document and engine, and the same times where the policy reads them. What is manual is answered
    by the attestation that counts, and no engine is asked. An engine that cannot
    answer gives decisions in state error, which are never used again.

    For services that have checked what the actor may see. Raises RuntimeError inside a
    transaction: evaluation takes its time and must not hold locks.
    """
    return _stored(_ask(questions, now=now or timezone.now()), actor=actor)


@dataclass(frozen=True)
class _Asked:
    """Questions, what is known of them already, and the answers to the rest, maybe to come."""

    questions: Sequence[Question]
    drafts: Sequence[Draft]
    known: dict[str, Decision]
    missing: Sequence[Draft]
    answers: Future[list[Answer]]


def _ask(
    questions: Sequence[Question], *, now: datetime, ahead: ThreadPoolExecutor | None = None
) -> _Asked:
    """Put what nobody answered yet to the engine, in the background where there is one."""
    drafts = drafts_of(questions, now=now)
    known = _reusable({draft.reuse_key for draft in drafts})
    missing = {draft.reuse_key: draft for draft in drafts if draft.reuse_key not in known}
    calls = [
        Call(draft.question.rule.policy_version, draft.input)
        for draft in missing.values()
        if draft.settled is None
    ]
    answers: Future[list[Answer]]
    if ahead is not None:
        answers = ahead.submit(ask, calls)
    else:
        answers = Future()
        answers.set_result(ask(calls))
    return _Asked(questions, drafts, known, list(missing.values()), answers)


def _stored(asked: _Asked, *, actor: Actor) -> list[Decision]:
    """Store what the engine answered; return a decision for each question."""
    made = _decisions(asked.missing, asked.answers.result())
    if made:
        inputs = {draft.input_digest: draft.input for draft in asked.missing}
        with transaction.atomic(durable=True):
            _store(made, inputs=inputs)
            _publish(made, actor=actor)
    known = asked.known | {decision.reuse_key: decision for decision in made}
    found = [known[draft.reuse_key] for draft in asked.drafts]
    for draft, decision in zip(asked.drafts, found, strict=True):
        version = draft.question.rule.policy_version
        if decision.policy_version_id == version.pk:
            decision.policy_version = version
    return found


def _reusable(keys: set[str]) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        rows = (
            Decision.objects.filter(reuse_key__in=ordered[start : start + BATCH])
            .exclude(state=State.ERROR.value)
            .order_by("id")
        )
        found |= {row.reuse_key: row for row in rows}
    return found


def _decisions(drafts: Sequence[Draft], answers: Sequence[Answer]) -> list[Decision]:
    """Return unsaved decisions, one for each draft; ``answers`` are of those that were asked."""
    waiting, now = iter(answers), timezone.now()
    return [
        _decision(draft, Answer(draft.settled, "") if draft.settled else next(waiting), now=now)
        for draft in drafts
    ]


def _decision(draft: Draft, answer: Answer, *, now: datetime) -> Decision:
    question, outcome = draft.question, answer.outcome
    return make_row(
        Decision,
        {
            "kind": question.kind.value,
            "reference_id": question.rule.reference_id,
            "subject": question.subject[:MAX_SUBJECT],
            "input_id": draft.input_digest,
            "bundle_digest": answer.bundle_digest,
            "parameters": question.rule.parameters,
            "state": outcome.state.value,
            "findings": as_stored(outcome.findings),
            "error": outcome.error,
            "engine": outcome.engine,
            "engine_version": outcome.engine_version,
            "duration_us": outcome.duration_us,
            "reuse_key": draft.reuse_key,
            "answer_key": draft.answer_key,
            "evaluated_at": now,
        },
        {
            "workspace": question.workspace,
            "assignment": question.rule.assignment,
            "policy_version": question.rule.policy_version,
            "snapshot": question.snapshot,
            "version": question.version,
            "attestation": question.attestation,
        },
    )


def as_stored(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Return findings as rows keep them."""
    return [{"msg": each.msg, "path": each.path} for each in findings]


def _store(decisions: Sequence[Decision], *, inputs: Mapping[str, bytes]) -> None:
    DecisionInput.objects.bulk_create(
        [DecisionInput(digest=digest, body=body) for digest, body in inputs.items()],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    insert_rows(decisions)


def _publish(decisions: Sequence[Decision], *, actor: Actor) -> None:
    """One entry for each workspace of the run, so that its auditors can read it."""
    runs: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        runs[decision.workspace_id].append(decision)
    for workspace_id, run in runs.items():
        workspace = run[0].workspace
        publish(
            DecisionsRecorded(
                subject=workspace.slug,
                workspace=workspace.uuid,
                digest=digest_of_run(run),
                count=len(run),
                states=dict(sorted(Counter(each.state for each in run).items())),
            ),
            actor=actor,
            roles=access.roles(actor, workspace_id),
        )


def digest_of_run(decisions: Sequence[Decision]) -> str:
    """Return the digest over each decision's id, policy digest, input digest and state."""
    lines: list[list[Any]] = [
        [str(each.uuid), each.policy_version.digest, each.input_id, each.state]
        for each in decisions
    ]
    return sha256(canonical_json(sorted(lines)))
