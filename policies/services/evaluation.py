"""Evaluate policies and store what they said."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.canonical import canonical_bytes, canonical_digest, sha256
from core.journal import publish
from policies.documents import input_bytes, undated
from policies.engines.base import EngineUnavailable, State
from policies.engines.moments import reads_observed_at
from policies.events import DecisionsRecorded
from policies.models import Decision, DecisionInput
from policies.models.decision import MAX_SUBJECT
from policies.services.answers import Answer, Call, ask, unknown
from policies.services.engine import engine
from registry import access

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from core.actors import Actor
    from policies.models import Exemption
    from policies.queries.exemptions import Exemptions
    from policies.queries.questions import Question

BATCH = 500
EXEMPT = "exempt"
STANDING = frozenset({State.PASS.value, State.NOT_APPLICABLE.value})


@dataclass(frozen=True)
class Assessment:
    """A question, what the policy said, and the exemption that covers it, if any."""

    question: Question
    decision: Decision
    exemption: Exemption | None

    @property
    def state(self) -> str:
        """Return pass, fail, unknown, not_applicable, error, or exempt where an exemption is
        needed; the policy's own state is the decision's."""
        return EXEMPT if self.exemption and not self.stands else self.decision.state

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
    return [
        Assessment(question, decision, exemptions.covering(question))
        for question, decision in zip(questions, decisions, strict=True)
    ]


def evaluate_many(
    questions: Sequence[Question], *, actor: Actor, now: datetime | None = None
) -> list[Decision]:
    """Return a stored decision for each question, in order.

    ``now`` is what policies are told as the time, by default the moment of the call. A decision
    that answered the same question before is returned again: same rule, policy text, parameters,
    document and engine, and the same times where the policy reads them. An engine that cannot
    answer gives decisions in state error, which are never used again.

    For services that have checked what the actor may see. Raises RuntimeError inside a
    transaction: evaluation takes its time and must not hold locks.
    """
    moment = now or timezone.now()
    drafts = _drafts(questions, now=moment)
    known = _reusable({draft.reuse_key for draft in drafts})
    missing = {draft.reuse_key: draft for draft in drafts if draft.reuse_key not in known}
    made = _evaluated(list(missing.values()))
    if made:
        with transaction.atomic(durable=True):
            _store(made, inputs={draft.input_digest: draft.input for draft in missing.values()})
            _publish(made, actor=actor)
    known |= {decision.reuse_key: decision for decision in made}
    return [known[draft.reuse_key] for draft in drafts]


@dataclass(frozen=True)
class _Draft:
    """A question with the bytes that an engine would get."""

    question: Question
    input: bytes
    input_digest: str
    reuse_key: str


def _drafts(questions: Sequence[Question], *, now: datetime) -> list[_Draft]:
    """Documents are shared between questions: each is serialised once for its parameters."""
    inputs: dict[tuple[int, bytes], bytes] = {}
    digests: dict[tuple[int, bool], str] = {}
    is_asked = any(not question.unanswerable for question in questions)
    engine_name = _engine_identity() if is_asked else ""
    drafts = []
    for question in questions:
        rule, document = question.rule, question.document
        key = id(document), canonical_bytes(rule.parameters)
        if key not in inputs:
            inputs[key] = input_bytes(document, now=now, parameters=rule.parameters)
        dated = reads_observed_at(rule.policy_version.module)
        if (id(document), dated) not in digests:
            told = document if dated else undated(document)
            digests[id(document), dated] = canonical_digest(told)
        digest = sha256(inputs[key])
        judged = digest if rule.policy_version.reads_now else digests[id(document), dated]
        reuse_key = canonical_digest(
            {
                "rule": list(rule.key),
                "policy": rule.policy_version.digest,
                "parameters": rule.parameters,
                "workspace": str(question.workspace.uuid),
                "subject": question.subject,
                "judged": judged,
                "unanswerable": question.unanswerable,
                "engine": "" if question.unanswerable else engine_name,
            }
        )
        drafts.append(_Draft(question, inputs[key], digest, reuse_key))
    return drafts


def _engine_identity() -> str:
    try:
        found = engine()
        version = found.version
    except EngineUnavailable:
        return "none"
    return f"{found.name} {version}"


def _reusable(keys: set[str]) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        rows = (
            Decision.objects.filter(reuse_key__in=ordered[start : start + BATCH])
            .exclude(state=State.ERROR.value)
            .select_related("policy_version__policy")
            .order_by("id")
        )
        found |= {row.reuse_key: row for row in rows}
    return found


def _evaluated(drafts: Sequence[_Draft]) -> list[Decision]:
    """Return unsaved decisions, one for each draft."""
    asked = [draft for draft in drafts if not draft.question.unanswerable]
    calls = [Call(draft.question.rule.policy_version, draft.input) for draft in asked]
    answers = dict(zip((draft.reuse_key for draft in asked), ask(calls), strict=True))
    return [_decision(draft, answers.get(draft.reuse_key) or _unasked(draft)) for draft in drafts]


def _unasked(draft: _Draft) -> Answer:
    return Answer(unknown(draft.question.unanswerable), "")


def _decision(draft: _Draft, answer: Answer) -> Decision:
    question, outcome = draft.question, answer.outcome
    return Decision(
        kind=question.kind,
        workspace=question.workspace,
        assignment=question.rule.assignment,
        reference_id=question.rule.reference_id,
        policy_version=question.rule.policy_version,
        subject=question.subject[:MAX_SUBJECT],
        snapshot=question.snapshot,
        version=question.version,
        input_id=draft.input_digest,
        bundle_digest=answer.bundle_digest,
        parameters=question.rule.parameters,
        state=outcome.state.value,
        findings=[{"msg": each.msg, "path": each.path} for each in outcome.findings],
        error=outcome.error,
        engine=outcome.engine,
        engine_version=outcome.engine_version,
        duration_us=outcome.duration_us,
        reuse_key=draft.reuse_key,
        evaluated_at=timezone.now(),
    )


def _store(decisions: Sequence[Decision], *, inputs: Mapping[str, bytes]) -> None:
    DecisionInput.objects.bulk_create(
        [DecisionInput(digest=digest, body=body) for digest, body in inputs.items()],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    Decision.objects.bulk_create(decisions, batch_size=BATCH)


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
    return canonical_digest(sorted(lines))
